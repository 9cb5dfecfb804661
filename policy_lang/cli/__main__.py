"""`python -m policy_lang.cli`, for where the command is not on the path."""

from policy_lang.cli.group import main

main()
