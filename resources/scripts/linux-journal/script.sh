# $1: the service, or empty. $2: how many lines. $3: of how many hours.
set -u
LC_ALL=C
export LC_ALL

if ! command -v journalctl >/dev/null 2>&1; then
    echo 'This host has no journal of systemd.' >&2
    exit 3
fi
if [ -n "$1" ]; then
    journalctl --no-pager --lines="$2" --since="-$3 hours" --unit="$1"
else
    journalctl --no-pager --lines="$2" --since="-$3 hours"
fi
