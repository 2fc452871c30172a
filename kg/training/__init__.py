"""How the shipped model was made. Needs the extra ``train``; nothing that runs imports it."""
