# $1: the service, as systemd calls it.
set -u
LC_ALL=C
export LC_ALL
service=$1

if ! command -v systemctl >/dev/null 2>&1; then
    echo 'This host has no systemd.' >&2
    exit 3
fi
if [ "$(systemctl show --property=LoadState --value -- "$service" 2>/dev/null)" != loaded ]; then
    printf 'There is no service %s here, or systemd does not answer.\n' "$service" >&2
    exit 2
fi
systemctl status --no-pager --lines=10 -- "$service"
exit 0
