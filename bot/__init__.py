"""The world: settings, wiring, the clock, delivery, the web. Nothing imports it."""
