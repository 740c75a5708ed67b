# $1: the service. FIRSTLINE_DRY_RUN=1 only says what would be done.
set -u
LC_ALL=C
export LC_ALL
service=$1

if ! command -v systemctl >/dev/null 2>&1; then
    echo 'This host has no systemd.' >&2
    exit 3
fi
if [ "$(systemctl show --property=LoadState --value -- "$service" 2>/dev/null)" != loaded ]; then
    printf 'There is no service %s here.\n' "$service" >&2
    exit 2
fi
if [ "$FIRSTLINE_DRY_RUN" = 1 ]; then
    printf 'Would restart %s, which is %s.\n' "$service" "$(systemctl is-active -- "$service")"
    exit 0
fi
if ! sudo -n systemctl restart -- "$service"; then
    printf 'It was not restarted: this account may not, or the service refuses.\n' >&2
    exit 4
fi
sleep 2
state=$(systemctl is-active -- "$service")
printf '%s is %s.\n' "$service" "$state"
[ "$state" = active ] || exit 5
