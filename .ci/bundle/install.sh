#!/bin/sh
# PYTHON=/path/to/python sh install.sh chooses another Python.
exec "${PYTHON:-python3}" "$(dirname "$0")/install.py"
