"""Where deliveries come from, behind one small port."""
