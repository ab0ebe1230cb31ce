"""What shells and `man` are told of the command, made from its own parsers when the wheel is built."""
