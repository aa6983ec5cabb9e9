"""Names heard on the wire: what DNS answers, TLS and QUIC clients call the ends of flows."""
