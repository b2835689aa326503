"""The shipped drawings and forms: what a reader and the publishing checks expect of them."""
