"""The order of the stages, and the threads that run them."""
