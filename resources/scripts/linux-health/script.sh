# How the host is: says what it can, and goes on where it cannot. No parameters.
set -u
LC_ALL=C
export LC_ALL

heading() { printf '\n== %s\n' "$1"; }

printf 'Host: %s\n' "$(uname -n)"
printf 'System: %s\n' "$(uname -sr)"
heading 'Uptime and load'
uptime 2>/dev/null || cat /proc/uptime /proc/loadavg
heading 'Memory'
if command -v free >/dev/null 2>&1; then
    free -m
else
    grep -E '^(MemTotal|MemAvailable|SwapTotal|SwapFree)' /proc/meminfo
fi
heading 'Disks'
df -hP -x tmpfs -x devtmpfs 2>/dev/null || df -hP
heading 'Failed services'
if command -v systemctl >/dev/null 2>&1 && systemctl is-system-running >/dev/null 2>&1; then
    echo 'none'
elif command -v systemctl >/dev/null 2>&1; then
    systemctl --failed --no-pager --plain --no-legend 2>/dev/null || echo 'systemd does not answer'
else
    echo 'no systemd here'
fi
heading 'Most memory'
ps -eo pid,user,rss,comm --sort=-rss 2>/dev/null | head -6 || ps | head -6
exit 0
