source (status dirname)/ratop.fish
