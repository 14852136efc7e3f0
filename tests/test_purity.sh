#!/bin/sh
# The layers call downward only: protocol/, cap/ and display/core/ know no window,
# no broker, no store, no clock, no file and no socket. Reads includes and calls in
# the sources, then the symbols that the built libraries ask for.
# Argument 1 is the folder of binaries; the libraries lie beside it.
set -eu

binaries=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."

# Headers from outside that are pure, as extended regular expressions.
c_headers='assert|ctype|errno|float|inttypes|limits|math|stdarg|stdbool'
c_headers="$c_headers|stddef|stdint|stdio|stdlib|string|uchar"
protocol_headers="($c_headers|jansson|openssl/(bio|ec|err|evp|pem|pkcs12|x509|x509v3))\.h"
cap_headers="($c_headers|jansson|expat|iconv|openssl/sha)\.h"
core_headers="($c_headers|jansson|unicode/[a-z0-9]+|qrencode|ini)\.h"

# Which folders of display/core a folder may include: what stands below it.
core_rules="typeset=typeset draw=draw|typeset page=page|draw|typeset"
core_rules="$core_rules templates=templates|page|draw|typeset|alerts"
core_rules="$core_rules judge=judge alerts=alerts|judge"
core_rules="$core_rules board=board|alerts|judge|page"

# Functions that reach outside, or tell what only the edges may tell.
calls='time|clock|clock_[a-z]+|gettimeofday|timespec_get|localtime(_r)?'
calls="$calls|gmtime(_r)?|mktime|nanosleep|usleep|sleep|ucal_getNow"
calls="$calls|fopen|freopen|fdopen|tmpfile|open|openat|creat|read|write"
calls="$calls|rename|unlink|remove|stat|mkdir|opendir|mmap"
calls="$calls|socket|connect|bind|listen|accept|send|recv|poll|select"
calls="$calls|getenv|setenv|system|popen|fork|exec[a-z]+|kill|pthread_[a-z_]+"
calls="$calls|rand|random|srand|printf|vprintf|puts|putchar|perror"
calls="$calls|SDL_[A-Za-z0-9]+|TTF_[A-Za-z0-9]+|MQTT[A-Za-z0-9_]+"
calls="$calls|sqlite3_[a-z0-9_]+|sd_[a-z_]+"

# The sources without comments and texts, so that only code is searched.
bare_code()
{
    cc -fpreprocessed -dD -E -P "$1" | sed 's/"\([^"\\]\|\\.\)*"/""/g'
}

# check_file FILE OUTSIDE_HEADERS OWN_HEADERS: prints what is wrong.
check_file()
{
    sed -n 's/^[ \t]*#[ \t]*include[ \t]*//p' "$1" |
        grep -vE "^(<$2>|\"$3\")" |
        sed "s|^|$1: includes |" || true
    bare_code "$1" >"$folder/bare"
    grep -oE "(^|[^A-Za-z0-9_.>])($calls) *\(" "$folder/bare" |
        sed "s|^[^A-Za-z_]*|$1: calls |" | sort -u || true
    grep -owE 'stdout|stderr|stdin' "$folder/bare" | sort -u |
        sed "s|^|$1: uses |" || true
}

# check_tree ROOT: the pure layers of a tree of sources.
check_tree()
{
    for file in "$1"/protocol/*.[ch]; do
        check_file "$file" "$protocol_headers" 'protocol/[a-z0-9_]+\.h'
    done
    for file in "$1"/cap/*.[ch]; do
        check_file "$file" "$cap_headers" '(protocol|cap)/[a-z0-9_]+\.h'
    done
    for rule in $core_rules; do
        for file in "$1/display/core/${rule%%=*}"/*.[ch]; do
            [ -e "$file" ] || continue
            check_file "$file" "$core_headers" \
                "(protocol|display/core/(${rule#*=}))/[a-z0-9_]+\\.h"
        done
    done
    for folder_seen in "$1"/display/core/*; do
        case " $core_rules" in
        *" ${folder_seen##*/}="*) ;;
        *) echo "$folder_seen: has no row in core_rules" ;;
        esac
    done
}

# check_library FILE: what the compiled code asks for, macros included.
check_library()
{
    nm -u "$1" >"$folder/symbols" || echo "$1: cannot be read"
    sed -n 's/^ *U //p' "$folder/symbols" | sort -u |
        grep -xE "($calls|stdout|stderr|stdin)" | sed "s|^|$1: needs |" || true
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM

# add_bad LAYER TEXT: one more file that the check has to see.
bad_count=0
add_bad()
{
    bad_count=$((bad_count + 1))
    printf '%s\n' "$2" >"$folder/tree/$1/bad$bad_count.c"
}

for layer in protocol cap display/core/board; do
    mkdir -p "$folder/tree/$layer"
    printf '%s\n' '#include <stddef.h>' '/* time(NULL) is not read here. */' \
        'int lifetime(int runtime) { return f("open(a)") + runtime; }' \
        >"$folder/tree/$layer/good.c"
    for header in '<SDL2/SDL.h>' '<SDL.h>' '<MQTTAsync.h>' '<sqlite3.h>' \
        '<unistd.h>' '<sys/socket.h>' '<poll.h>' '<time.h>' '<fcntl.h>' \
        '<sys/time.h>' '<pthread.h>' '"protocol/link/link.h"' \
        '"display/edge/log.h"' '"publisher/compose.h"'; do
        add_bad "$layer" "#include $header"
    done
    for call in 'time(NULL)' 'clock_gettime(0, p)' 'gettimeofday(p, p)' \
        'localtime(p)' 'SDL_GetTicks()' 'fopen("a", "r")' 'open("a", 0)' \
        'socket(1, 1, 0)' 'getenv("A")' 'printf("a")' 'fputs("a", stderr)' \
        'sqlite3_open(p)' 'MQTTAsync_create(p)'; do
        add_bad "$layer" "int f(void) { return $call; }"
    done
done
add_bad protocol '#include "display/core/page/page.h"'
add_bad protocol '#include "cap/cap.h"'
add_bad cap '#include "display/core/page/page.h"'
add_bad protocol '#include <unicode/ubrk.h>'

check_tree "$folder/tree" >"$folder/seen"
for file in "$folder"/tree/*/bad*.c "$folder"/tree/*/*/*/bad*.c; do
    grep -q "^$file: " "$folder/seen" || {
        echo "this was not seen: $(cat "$file")" >&2
        exit 1
    }
done
if grep '/good\.c: ' "$folder/seen" >&2; then
    exit 1
fi

found=$(
    check_tree .
    check_library "$binaries/../libprotocol.a"
    check_library "$binaries/../libcap.a"
    check_library "$binaries/../libdisplay_core.a"
)
[ -z "$found" ] || {
    printf '%s\n' "$found" >&2
    exit 1
}
echo "protocol, cap and display/core are pure"
