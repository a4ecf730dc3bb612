"""Drills: the six sample incidents as data that plays itself through the real doors (O26, F14)."""
