"""eBPF from plain Python: no compiler, no kernel headers, nothing that stays behind."""
