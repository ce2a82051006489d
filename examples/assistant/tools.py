"""What the model may do: look at the stock, and, once somebody has allowed it, order."""

from workers.responders.tool import tool

STOCK = {"tea": 7, "coffee": 0}


@tool
def stock(product: str) -> str:
    """Return how many packets of a product are in stock."""
    return f"{STOCK.get(product.lower(), 0)} packets of {product}"


@tool(dangerous=True)
async def order(product: str, packets: int) -> str:
    """Order packets of a product; it costs money."""
    return f"{packets} packets of {product} are ordered"
