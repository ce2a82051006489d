"""The words of the domain as frozen types. Pure: no I/O, no library but the standard one."""
