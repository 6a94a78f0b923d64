"""What the register tells people by itself: notifications, and the mail that carries them."""
