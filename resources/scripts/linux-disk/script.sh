# $1: the folder. $2: how many entries are shown.
set -u
LC_ALL=C
export LC_ALL
path=$1 count=$2

if [ ! -d "$path" ]; then
    printf 'There is no folder %s here, or it may not be read.\n' "$path" >&2
    exit 2
fi
df -hP -- "$path"
echo
du -xak -- "$path" 2>/dev/null | sort -rn | head -n "$count"
exit 0
