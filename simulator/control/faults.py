"""`/_sim/faults`: order misbehaviour, see what stands, withdraw it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from aiohttp import web

from simulator.control.refusals import not_found, refuse, text_field
from simulator.faults.fault import FaultError
from simulator.faults.order import KINDS, order_in_flag, order_of
from simulator.wire import json_object, json_response

if TYPE_CHECKING:
    from simulator.faults.faults import Faults, Standing

PATH = "/_sim/faults"


class FaultOrders:
    """The registry of faults over HTTP."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(PATH, self.standing),
            web.post(PATH, self.order),
            web.delete(PATH, self.clear),
            web.get(PATH + "/kinds", self.kinds),
            web.delete(PATH + "/{fault_id}", self.remove),
        ]

    async def order(self, request: web.Request) -> web.Response:
        """Take a fault as JSON, or as `{"flag": "kind:name=value,..."}`."""
        asked = await json_object(request)
        try:
            order = order_in_flag(text_field(asked, "flag")) if "flag" in asked else order_of(asked)
            fault_id = self._faults.stand(order)
        except FaultError as error:
            refuse(str(error))
        return json_response({"fault_id": fault_id})

    async def standing(self, _: web.Request) -> web.Response:
        return json_response([self._shape(each) for each in self._faults.standing()])

    async def kinds(self, _: web.Request) -> web.Response:
        """List every kind of fault with what it means and its parameters' defaults."""
        return json_response(
            [
                {"kind": kind, "means": fault.means, "parameters": fault.defaults()}
                for kind, fault in KINDS.items()
            ]
        )

    async def clear(self, _: web.Request) -> web.Response:
        return json_response({"cleared": self._faults.clear()})

    async def remove(self, request: web.Request) -> web.Response:
        if not self._faults.remove(request.match_info["fault_id"]):
            not_found("there is no such fault")
        return json_response({"cleared": 1})

    def _shape(self, standing: Standing) -> dict[str, object]:
        order = standing.order
        where = {name: value for name, value in asdict(order.where).items() if value is not None}
        return {
            "fault_id": standing.fault_id,
            "kind": order.fault.kind,
            "where": where,
            "count": standing.left,
            "lasts": self._faults.seconds_left(standing),
            "taken": standing.taken,
            **asdict(order.fault),
        }
