"""The preview: a web page on this machine that shows a handout as it is being translated."""
