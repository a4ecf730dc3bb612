"""The web: the chat page, the board, and the addresses that they speak to."""
