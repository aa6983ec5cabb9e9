"""What a host knows about its network: addresses, Community ID, interfaces, routes, neighbours."""
