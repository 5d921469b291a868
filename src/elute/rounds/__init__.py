"""A round, one pass through the cycle: from a table, a mask and settings to a frozen result; and what rounds leave to the next."""
