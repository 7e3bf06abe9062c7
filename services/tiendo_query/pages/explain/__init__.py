"""The form in which an officer explains a lateness."""
