"""The filter language: text to syntax tree, to numpy mask, to BPF."""
