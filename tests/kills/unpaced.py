"""`python -m bot`, but as fast as the server of the tests takes it: a play waits for each answer.

How fast Telegram lets us send is kept and tried elsewhere (tests/channels/test_pacing.py).
"""

from bot.__main__ import main
from bot.channels.telegram import pace

if __name__ == "__main__":
    pace.ALLOWED = pace.NO_LIMITS
    main()
