"""The real process in bad weather: killed at every named point, out of disk, cut off from
Telegram, with a clock that jumps; an oracle outside of it judges what it left behind."""
