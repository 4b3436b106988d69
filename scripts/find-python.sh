# Sets $python to a Python that is new enough; ends with a plain sentence when there is none.
python=
for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Shirehall needs Python 3.11 or newer, and found none on this machine." >&2
    echo "On Debian 12 or Ubuntu 24.04: apt-get install python3 python3-venv" >&2
    exit 1
fi
