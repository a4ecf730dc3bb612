"""docs/permissions.md: every action by everybody at every step, tried out, and the page of it.

`cast` has the people, `walks` what they do, `stages` the incidents, `samples` an action of every
kind; `table` tries all of them, `staff` does the same about the organisation, `page` writes what
came of it.
"""
