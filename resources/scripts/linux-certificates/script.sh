# $1: a certificate or a folder of them, or empty for the usual places. $2: a port of this host, or empty. $3: how many
# days before its end a certificate counts as ending soon.
set -u
LC_ALL=C
export LC_ALL
path=$1 port=$2 days=$3
most=300

if ! command -v openssl >/dev/null 2>&1; then
    echo 'This host has no openssl.' >&2
    exit 3
fi

# What stands in a PEM text ($1), found at a place ($2). Of a chain the first one counts: the host's own.
tell() {
    end=$(printf '%s\n' "$1" | openssl x509 -noout -enddate 2>/dev/null) || return 1
    subject=$(printf '%s\n' "$1" | openssl x509 -noout -subject 2>/dev/null)
    state=ok
    printf '%s\n' "$1" | openssl x509 -noout -checkend "$((days * 86400))" >/dev/null 2>&1 || state=SOON
    printf '%s\n' "$1" | openssl x509 -noout -checkend 0 >/dev/null 2>&1 || state=EXPIRED
    printf '%-8s %s  %s  %s\n' "$state" "${end#notAfter=}" "$2" "${subject#subject=}"
}

tell_files() {
    find -L "$1" -type f \( -name '*.pem' -o -name '*.crt' -o -name '*.cer' \) -size -200k 2>/dev/null |
        sort | head -n "$most" | while IFS= read -r file; do
        if [ -r "$file" ]; then
            tell "$(cat -- "$file" 2>/dev/null | tr -d '\000')" "$file"
        else
            printf '%-8s %s\n' 'no right' "$file"
        fi
    done
}

if [ -n "$port" ]; then
    shown=$(openssl s_client -connect "127.0.0.1:$port" -servername "$(uname -n)" </dev/null 2>/dev/null)
    if ! tell "$shown" "port $port"; then
        printf 'Nothing at port %s shows a certificate.\n' "$port" >&2
        exit 2
    fi
elif [ -f "$path" ]; then
    if ! tell "$(cat -- "$path" | tr -d '\000')" "$path"; then
        printf '%s holds no certificate in PEM form.\n' "$path" >&2
        exit 2
    fi
elif [ -n "$path" ]; then
    if [ ! -d "$path" ]; then
        printf 'There is no %s here, or it may not be read.\n' "$path" >&2
        exit 2
    fi
    tell_files "$path"
else
    for each in /etc/letsencrypt/live /etc/nginx /etc/apache2 /etc/httpd /etc/haproxy /etc/postfix /etc/dovecot \
        /etc/postgresql /etc/kubernetes/pki; do
        [ -d "$each" ] && tell_files "$each"
    done
fi
exit 0
