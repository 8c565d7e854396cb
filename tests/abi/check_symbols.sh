#!/bin/bash
# check_symbols.sh LIBRARY SOURCE_DIR [torch] - what the shared library shows and what it leans on. Linux, GNU binutils.
# With torch it is attrib_torch, its names are in *_torch.* and attrib_torch.map, its functions in torch.h.
#
#   - exported symbols = tests/abi/symbols.txt = src/attrib.map = the ATTRIB_API functions of the headers
#   - soname libattrib.so.0.<minor>, from 1.0 on libattrib.so.<major>; no text relocations; needs libc, libm and
#     threads only (attrib_torch: libtorch and the C++ library, too)
#   - no writable data of its own; calls nothing that prints, exits, or asks the environment, the clock's date or chance
set -euo pipefail
export LC_ALL=C

library=$1
source_dir=$2
part=${3:-}
name=attrib${part:+_$part}
symbols=tests/abi/symbols${part:+_$part}.txt
may_need='libc|libm|libpthread|ld-linux[-a-z0-9_]*|ld64'
headers=()
for header in "$source_dir"/include/attrib/*.h; do
  if [ "$(basename "$header")" = torch.h ]; then [ "$part" = torch ] || continue; else [ -z "$part" ] || continue; fi
  headers+=("$header")
done
if [ "$part" = torch ]; then may_need+='|libtorch|libtorch_cpu|libc10|libstdc\+\+|libgcc_s'; fi
work_dir=$(mktemp -d)
trap 'rm -rf "$work_dir"' EXIT
failures=0

complain() {
  echo "$@" >&2
  failures=$((failures + 1))
}

# Lines of the second file that the first lacks, and the other way round.
compare() {
  local left_name=$1 left=$2 right_name=$3 right=$4
  if ! diff "$left" "$right" >"$work_dir/diff"; then
    complain "$left_name (<) and $right_name (>) differ:"
    cat "$work_dir/diff" >&2
  fi
}

# 1. Names, four ways.
nm --dynamic --defined-only --with-symbol-versions "$library" >"$work_dir/nm"
awk '$2 != "A" {print $3}' "$work_dir/nm" | sort >"$work_dir/exported"
[ -s "$work_dir/exported" ] || complain "$library exports nothing"
sort "$source_dir/$symbols" >"$work_dir/listed"
compare "exported by the library" "$work_dir/exported" "$symbols" "$work_dir/listed"
if ! sort -c "$source_dir/$symbols" 2>/dev/null; then complain "$symbols is not sorted"; fi

awk '
  /\{/ {node = $1}
  /global:/ {shown = 1}
  /local:/ {shown = 0}
  shown && /;/ {gsub(/[ ;\t]/, ""); print $0 "@@" node}' "$source_dir/src/$name.map" | sort >"$work_dir/mapped"
compare "src/$name.map" "$work_dir/mapped" "$symbols" "$work_dir/listed"
if ! sed -n '/local:/,/\}/p' "$source_dir/src/$name.map" | grep -q '^ *\*;'; then
  complain "src/$name.map does not hide the rest"
fi

# Comments out; then the name before the first parenthesis after each ATTRIB_API.
cat "${headers[@]}" | tr '\n' ' ' | sed -e 's:/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/: :g' |
  grep -o 'ATTRIB_API [^;{]*(' | sed -e 's/(.*//' -e 's/.*[ *]//' | grep '^attrib_' | sort >"$work_dir/declared"
sed 's/@@.*//' "$work_dir/listed" >"$work_dir/listed_names"
compare "the headers" "$work_dir/declared" "$symbols" "$work_dir/listed_names"

awk '$2 != "T" && $2 != "A"' "$work_dir/nm" >"$work_dir/not_code"
if [ -s "$work_dir/not_code" ]; then complain "exported, but not functions: $(cat "$work_dir/not_code")"; fi

# 2. The dynamic section. (Files between the commands: a pipe that grep -q leaves early is a failure here.)
major=$(sed -n 's/^#define ATTRIB_VERSION_MAJOR //p' "$source_dir/include/attrib/base.h")
minor=$(sed -n 's/^#define ATTRIB_VERSION_MINOR //p' "$source_dir/include/attrib/base.h")
abi=$major
if [ "$major" -eq 0 ]; then abi=0.$minor; fi
readelf --dynamic --wide "$library" >"$work_dir/dynamic"
readelf --program-headers --wide "$library" >"$work_dir/segments"
if ! grep -q "(SONAME).*\[lib$name\.so\.${abi//./\\.}\]" "$work_dir/dynamic"; then
  complain "soname is not lib$name.so.$abi"
fi
if grep -q 'TEXTREL' "$work_dir/dynamic"; then complain "has text relocations"; fi
if grep -q '(R\(UN\)\?PATH)' "$work_dir/dynamic"; then complain "has a run path"; fi
if grep -q 'GNU_STACK.*RWE' "$work_dir/segments"; then complain "has an executable stack"; fi

# Sanitizers and coverage bring libraries, data and calls of their own.
nm "$library" >"$work_dir/all" 2>/dev/null || true
if grep -q '__[atm]san_\|__ubsan_\|__gcov_\|__sanitizer_\|__llvm_profile' "$work_dir/nm" "$work_dir/all"; then
  exit $((failures > 0))
fi
sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' "$work_dir/dynamic" |
  grep -vE "^($may_need)\\.so\\.[0-9.]*$" >"$work_dir/needed" || true
if [ -s "$work_dir/needed" ]; then complain "needs more than $may_need: $(xargs <"$work_dir/needed")"; fi

# 3. Writable data, but for what the compiler's start files bring, and its record of what the processor can do. .data.rel.ro is
# read-only once loaded. C++ brings references to types of exceptions and, by way of libtorch's headers, <iostream>.
nm --defined-only --format=sysv "$library" 2>/dev/null |
  awk -F'|' '
    {for (i = 1; i <= NF; i++) gsub(/ /, "", $i)}
    $7 ~ /^\.(data|bss|tdata|tbss)($|\.)/ && $7 !~ /^\.data\.rel\.ro/ {print $1}' |
  if [ "$part" = torch ]; then grep -vx 'DW\.ref\..*\|_ZStL8__ioinit'; else cat; fi |
  grep -vx '__cpu_model\|__cpu_features2\|completed\.[0-9]*\|__dso_handle\|__TMC_END__\|_edata\|_end\|__bss_start\|__data_start\|data_start' \
    >"$work_dir/writable" || true
if [ -s "$work_dir/writable" ]; then complain "has writable data of its own: $(xargs <"$work_dir/writable")"; fi

# 4. Calls out of the library.
nm --dynamic --undefined-only "$library" | awk '{print $NF}' | sed 's/@.*//' | sort -u >"$work_dir/called"
forbidden='
  printf fprintf vprintf vfprintf dprintf puts putchar fputs fputc putc fwrite perror stdin stdout stderr
  fopen fdopen fclose open openat creat read write popen system fork execve dlopen dlsym
  getenv secure_getenv setenv putenv rand srand random srandom rand_r drand48 getrandom getentropy
  time gettimeofday localtime gmtime strftime asctime ctime sleep usleep nanosleep
  exit _exit _Exit quick_exit abort atexit raise kill signal sigaction __assert_fail
  longjmp _longjmp siglongjmp setjmp _setjmp setlocale uselocale localeconv newlocale
  __errno_location strerror perror strtok
  __printf_chk __fprintf_chk __vprintf_chk __vfprintf_chk __longjmp_chk'
for name in $forbidden; do
  if grep -qx "$name" "$work_dir/called"; then complain "calls $name"; fi
done
exit $((failures > 0))
