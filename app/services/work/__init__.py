"""The work that goes on by itself: channels are polled, answers are sent."""
