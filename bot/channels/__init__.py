"""The messengers: each turns its platform into updates and prompts, and back."""
