"""The rules of Quy định 887-QĐ/TU as pure functions: no I/O, no clock, standard library only."""
