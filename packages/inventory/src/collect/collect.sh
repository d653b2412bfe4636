#!/bin/sh
# Berth's collector: runs the read-only tools that this machine has and prints what they say as one JSON object.
#
# It needs no root, changes nothing, and leaves out serial numbers, processes and their users, home folders, and MAC
# and IP addresses before anything is printed or sent. The UUIDs of GPUs stay: by them a card is known again.
#
# It is one file, long as it is, so that it can be fetched, read and carried to a machine as one.
#
#   sh berth-collect.sh                         prints the JSON: look at it, then paste it or `berth import -`
#   sh berth-collect.sh --url https://berth.example --token-file ~/.berth-token --every 300
set -u
umask 077
LC_ALL=C
export LC_ALL
# What other machines offer over the network is theirs to report.
unset LLAMA_ARG_RPC
# Timers and cron know fewer folders than a login shell.
PATH=$PATH:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/opt/rocm/bin:/usr/lib/wsl/lib:/opt/homebrew/bin
export PATH

# nvidia-smi -q -x of sixteen GPUs is about 200 KB; who prints more than this prints something else.
most_bytes=1048576
# A driver that is waking up sixteen GPUs takes several seconds.
tool_seconds=20
gpu_tools='nvidia-smi rocm-smi amd-smi xpu-smi llama-server'

usage() {
  cat <<'END'
Usage: sh berth-collect.sh [options]

Prints this machine's hardware as JSON, or posts it to Berth. Reads only; needs no root.

  --host NAME          the machine's name; else what `uname -n` says
  --url URL            post to this Berth (BERTH_URL); without it the JSON is printed
  --token-file FILE    file that holds a registration token, - for standard input; else BERTH_TOKEN
  --every SECONDS      report again and again, 30 to 86400 seconds apart; Berth knows from it when a report is missing
  --once               with --every: report once, because a timer starts this script so often
  --tool-seconds N     how long each tool may take (20)
  --insecure-http      send the token over plain http to a host that is not this one
  --print-timer        print a systemd user service and timer that do the same, and how to do it with cron
  --help

Exit codes: 0 done, 1 wrong options or refused by Berth, 2 nothing could be posted.
END
}

say() { printf 'berth-collect: %s\n' "$*" >&2; }
refuse() {
  say "$*"
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

is_number() {
  case $1 in '' | *[!0-9]* | ??????*) return 1 ;; esac
  [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]
}

host=''
url=${BERTH_URL:-}
token_file=''
every=''
once=''
insecure=''
print_timer=''
while [ $# -gt 0 ]; do
  case $1 in
  --host | --url | --token-file | --every | --tool-seconds)
    [ $# -ge 2 ] || refuse "$1 needs a value"
    case $1 in
    --host) host=$2 ;;
    --url) url=$2 ;;
    --token-file) token_file=$2 ;;
    --every) every=$2 ;;
    --tool-seconds) tool_seconds=$2 ;;
    esac
    shift
    ;;
  --once) once=yes ;;
  --insecure-http) insecure=yes ;;
  --print-timer) print_timer=yes ;;
  --help | -h)
    usage
    exit 0
    ;;
  --token | --token=*) refuse 'a token as an option could be seen by others in ps: use --token-file or BERTH_TOKEN' ;;
  *) refuse "there is no option $1; see --help" ;;
  esac
  shift
done
[ -z "$every" ] || is_number "$every" 30 86400 || refuse '--every must be a whole number of seconds from 30 to 86400'
is_number "$tool_seconds" 1 600 || refuse '--tool-seconds must be a whole number from 1 to 600'
[ -n "$host" ] || host=$(uname -n)
[ "${#host}" -le 200 ] || refuse '--host must have 200 characters at most'
[ -z "$every" ] || [ -n "$url$once" ] || refuse '--every needs --url: printing again and again is of no use'

# Letters, digits and what an address has besides; nothing that a shell, curl or a unit file would read as its own.
check_url() {
  url=${url%/}
  case $url in
  *[!A-Za-z0-9:/._~[\]-]*) refuse '--url must be an address without a query, as https://berth.example' ;;
  https://?*) ;;
  http://localhost | http://localhost[:/]* | http://127.0.0.1 | http://127.0.0.1[:/]* | 'http://[::1]' | 'http://[::1]'[:/]*) ;;
  http://?*)
    [ -n "$insecure" ] || refuse "$url is plain http, where others can read the token: use https, or add --insecure-http"
    ;;
  *) refuse '--url must begin with https:// or http://' ;;
  esac
}

if [ -n "$print_timer" ]; then
  [ -n "$url" ] || refuse '--print-timer needs --url'
  check_url
  [ -n "$every" ] || every=300
  options="--url $url --token-file %h/.berth-token --every $every --once${insecure:+ --insecure-http}"
  cat <<END
# ~/.config/systemd/user/berth-collect.service
[Unit]
Description=Report this machine to Berth

[Service]
Type=oneshot
ExecStart=/bin/sh %h/.local/bin/berth-collect.sh $options

# ~/.config/systemd/user/berth-collect.timer
[Unit]
Description=Report this machine to Berth every $every seconds

[Timer]
OnActiveSec=10
OnUnitActiveSec=$every

[Install]
WantedBy=timers.target

# Then, once: put this script and the token (chmod 600) where the unit expects them, and
#   systemctl --user daemon-reload && systemctl --user enable --now berth-collect.timer
#   loginctl enable-linger    # so that it runs while nobody is logged in
#
# Without systemd, in crontab -e (cron's shortest step is a minute; launchd's StartInterval takes seconds):
#   */$(((every + 59) / 60)) * * * * /bin/sh \$HOME/.local/bin/berth-collect.sh $(printf '%s' "$options" | sed "s#%h#\$HOME#g")
END
  exit 0
fi

token=''
if [ -n "$url" ]; then
  check_url
  if [ "$token_file" = - ]; then
    IFS= read -r token || true
  elif [ -n "$token_file" ]; then
    [ -r "$token_file" ] || refuse "$token_file cannot be read"
    IFS= read -r token <"$token_file" || true
  else
    token=${BERTH_TOKEN:-}
  fi
  case $token in
  '') refuse 'a registration token is needed: --token-file FILE, or BERTH_TOKEN' ;;
  *[!A-Za-z0-9_-]*) refuse 'this is no registration token: it has characters that none has' ;;
  esac
fi
# No tool that is asked below needs to know it.
unset BERTH_TOKEN

work=$(mktemp -d "${TMPDIR:-/tmp}/berth-collect.XXXXXX") || {
  say 'no temporary folder could be made'
  exit 2
}
dog=''
clean() {
  [ -z "$dog" ] || kill "$dog" 2>/dev/null
  rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
# The watch over a tool that not even SIGKILL ends: it only has to interrupt `wait`.
trap ':' ALRM

timer=''
if timeout -k 1 5 sh -c : 2>/dev/null; then timer=yes; fi

with_limit() {
  if [ -n "$timer" ]; then
    timeout -k 2 "$tool_seconds" "$@"
  else
    # shellcheck disable=SC2016 # the inner shell fills these in
    sh -c 'echo $$ >"$0"; exec "$@"' "$work/$number.pid" "$@"
  fi
}

# A driver that hangs holds its tool in the kernel, where no signal reaches it: then it is left behind.
watch() {
  # Ends in order, or bash would tell that it was terminated.
  trap 'exit 0' TERM
  second=0
  while [ "$second" -lt $((tool_seconds + 5)) ]; do
    sleep 1
    second=$((second + 1))
    if [ -n "$timer" ] || [ ! -s "$work/$number.pid" ]; then continue; fi
    [ "$second" -ne "$tool_seconds" ] || kill -TERM "$(cat "$work/$number.pid")" 2>/dev/null
    [ "$second" -ne $((tool_seconds + 2)) ] || kill -KILL "$(cat "$work/$number.pid")" 2>/dev/null
  done
  kill -ALRM $$
}

escape_character=$(printf '\033')
tab=$(printf '\t')

# Blocks of XML that say who runs what, or nothing of use; they may begin and end within a line.
# shellcheck disable=SC2016 # awk's own fields
without_blocks='{
  rest = $0; kept = ""
  for (;;) {
    if (block != "") {
      ends = index(rest, "</" block ">")
      if (ends == 0) { rest = ""; break }
      rest = substr(rest, ends + length(block) + 3); block = ""
    }
    if (!match(rest, /<(processes|accounted_processes|supported_clocks)>/)) break
    kept = kept substr(rest, 1, RSTART - 1)
    block = substr(rest, RSTART + 1, RLENGTH - 2)
    rest = substr(rest, RSTART + RLENGTH)
  }
  kept = kept rest
  if (kept ~ /[^ \t]/) print kept
}'

# Standard input without what must not leave the machine. `N/A` is the tools' own word for what is not there.
redact() {
  tr -d '\000' | awk "$without_blocks" | sed -E \
    -e "s/$escape_character\\[[0-9;]*[A-Za-z]//g" \
    -e 's#(<[A-Za-z_]*([Ss][Ee][Rr][Ii][Aa][Ll]|cluster_?[Uu][Uu][Ii][Dd]|vm_name|vm_id|board_id)[A-Za-z_]*>)[^<]*#\1N/A#g' \
    -e 's#("[^"]*([Ss][Ee][Rr][Ii][Aa][Ll]|[Cc]luster_?[Uu][Uu][Ii][Dd])[^"]*"[[:space:]]*:[[:space:]]*)("([^"\\]|\\.)*"|[0-9A-Za-z.+-]+)#\1"N/A"#g' \
    -e 's#^([[:space:]]*[A-Za-z _]*[Ss][Ee][Rr][Ii][Aa][Ll][A-Za-z _]*[:=][[:space:]]*).+$#\1N/A#' \
    -e 's#/(home|Users)/[^]/[:space:]"<>:,;)]+#/\1/user#g' \
    -e 's#([0-9A-Fa-f]{2}:){5,}[0-9A-Fa-f]{2}#00:00:00:00:00:00#g' \
    -e 's#(enx|wlx)[0-9a-f]{12}#\1000000000000#g' \
    -e "$1"
}
# Only where an address can stand: a version may have four numbers too.
addresses='s#(^|[^0-9A-Za-z.])([0-9]{1,3}\.){3}[0-9]{1,3}([^0-9A-Za-z.]|$)#\10.0.0.0\3#g'

escaped() { sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e "s/$tab/\\\\t/g" | tr -d '\001-\010\013-\037\177'; }
as_lines() { escaped | awk '{ printf "%s\\n", $0 }'; }
as_line() { escaped | awk 'NR == 1 { printf "%s", $0 }'; }

# ask COMMAND-AS-TYPED [-a] WORD…: runs the words and adds what they print to the report; -a: may print addresses.
ask() {
  title=$1
  shift
  more='s/^//'
  if [ "$1" = -a ]; then
    more=$addresses
    shift
  fi
  number=$((number + 1))
  here=$work/$number
  : >"$here.out"
  : >"$here.err"
  {
    {
      {
        with_limit "$@" </dev/null 2>&3 3>&-
        echo $? >"$here.code"
      } | head -c $((most_bytes + 1)) >"$here.out"
    } 3>&1 | awk 'NR == 1 { print substr($0, 1, 300) }' >"$here.err"
    # What is left behind must not hold on to what whoever reads this script waits for.
  } >/dev/null 2>&1 &
  job=$!
  watch >/dev/null 2>&1 &
  dog=$!
  wait "$job" 2>/dev/null
  kill "$dog" 2>/dev/null
  dog=''
  # No code: it did not end at all.
  code=$(cat "$here.code" 2>/dev/null || echo 124)
  error=''
  if [ "$(wc -c <"$here.out")" -gt "$most_bytes" ]; then
    error="it printed more than $most_bytes bytes"
    : >"$here.out"
  elif [ "$code" -eq 124 ] || [ "$code" -eq 137 ] || [ "$code" -eq 143 ]; then
    error="it did not answer within $tool_seconds seconds"
    : >"$here.out"
  elif [ "$code" -ne 0 ]; then
    [ -s "$here.err" ] || head -n 1 "$here.out" >"$here.err"
    error=$(redact "$addresses" <"$here.err" | cut -c 1-300)
    [ -n "$error" ] || error="it ended with code $code"
  fi
  [ "$number" -eq 1 ] || printf ',\n' >>"$report"
  {
    printf '{"command": "%s", "exitCode": %d, ' "$title" "$code"
    [ -z "$error" ] || printf '"error": "%s", ' "$(printf '%s\n' "$error" | as_line)"
    printf '"output": "'
    redact "$more" <"$here.out" | as_lines
    printf '"}'
  } >>"$report"
  rm -f "$here.out" "$here.err" "$here.code" "$here.pid"
}

ask_gpu_tools() {
  if has nvidia-smi; then
    ask 'nvidia-smi -q -x' nvidia-smi -q -x
    query='index,name,uuid,pci.bus_id,memory.total,memory.reserved,memory.used,compute_cap,driver_version'
    ask "nvidia-smi --query-gpu=$query --format=csv" nvidia-smi "--query-gpu=$query" --format=csv
    ask 'nvidia-smi topo -m' nvidia-smi topo -m
    ask 'nvidia-smi topo -p2p rw' nvidia-smi topo -p2p rw
    ask 'nvidia-smi nvlink -s' nvidia-smi nvlink -s
  fi
  if has rocm-smi; then
    set -- rocm-smi --showproductname --showuniqueid --showbus --showmeminfo vram --showmaxpower --showdriverversion --json
    ask "$*" "$@"
  fi
  if has amd-smi; then ask 'amd-smi static --json' amd-smi static --json; fi
  if has xpu-smi; then ask 'xpu-smi discovery -j' xpu-smi discovery -j; fi
  if [ "$os" = macos ] && has system_profiler; then
    ask 'system_profiler SPDisplaysDataType -json' system_profiler SPDisplaysDataType -json
  fi
  if has llama-server; then ask 'llama-server --list-devices' -a llama-server --list-devices; fi
}

# Where lscpu is missing, its words from what the kernel says.
# shellcheck disable=SC2016 # awk's own fields
cpu_words='BEGIN { FS = "[ \t]*:[ \t]*" }
  $1 == "processor" { count++ }
  $1 == "model name" && name == "" { name = $2 }
  END {
    print "Architecture: " machine
    if (count > 0) print "CPU(s): " count
    if (name != "") print "Model name: " name
  }'

ask_host_tools() {
  if [ "$os" = macos ]; then
    ask 'sysctl hw.memsize hw.logicalcpu machdep.cpu.brand_string' sysctl hw.memsize hw.logicalcpu machdep.cpu.brand_string
    ask 'sysctl iogpu.wired_limit_mb' sysctl iogpu.wired_limit_mb
    return
  fi
  if has lscpu; then
    ask 'lscpu' lscpu
  elif [ -r /proc/cpuinfo ]; then
    ask 'awk … /proc/cpuinfo' awk -v "machine=$(uname -m)" "$cpu_words" /proc/cpuinfo
  fi
  if [ -r /proc/meminfo ]; then ask 'cat /proc/meminfo' cat /proc/meminfo; fi
  if has numactl; then ask 'numactl -H' numactl -H; fi
  if [ -d /sys/class/net ]; then
    # An interface that is down has no speed to read, and grep says so: that is no failure.
    ask 'grep -H . /sys/class/net/*/speed' sh -c 'grep -H . /sys/class/net/*/speed 2>/dev/null; exit 0'
  fi
  if has ip; then ask 'ip -j link' -a ip -j link; fi
}

collect() {
  number=0
  report=$work/report
  case $(uname -s) in
  Linux) os=linux ;;
  Darwin) os=macos ;;
  MINGW* | MSYS* | CYGWIN*) os=windows ;;
  *) os=other ;;
  esac
  found=''
  for tool in $gpu_tools; do
    if has "$tool"; then found="$found $tool"; fi
  done
  if [ "$os" = macos ]; then found="$found system_profiler"; fi
  {
    printf '{"berthCollector": 1,\n"hostName": "%s",\n' "$(printf '%s\n' "$host" | as_line)"
    printf '"collectedAt": "%s",\n"os": "%s",\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$os"
    [ -z "$every" ] || printf '"everySeconds": %d,\n' "$every"
    [ -n "$found" ] || printf '"remarks": ["no GPU tool found"],\n'
    printf '"tools": [\n'
  } >"$report"
  [ -n "$found" ] || say "no GPU tool found (looked for $gpu_tools): reporting processor and memory"
  ask_gpu_tools
  ask_host_tools
  printf '\n]}\n' >>"$report"
}

# The token reaches curl and wget by standard input and by a file of this user's, never by their arguments.
send() {
  target=$url/api/v1/machines/report
  : >"$work/answer"
  if has curl; then
    status=$(printf 'header = "Authorization: Bearer %s"\n' "$token" |
      curl -q --config - --silent --show-error --globoff --max-time 60 --header 'Content-Type: application/json' \
        --header 'Expect:' --data-binary "@$report" --output "$work/answer" --write-out '%{http_code}' "$target") || status=000
  elif wget --version 2>/dev/null | grep -q 'GNU Wget'; then
    printf 'header = Authorization: Bearer %s\n' "$token" >"$work/wgetrc"
    status=$(wget --config="$work/wgetrc" --max-redirect=0 --timeout=60 --tries=1 --content-on-error --server-response \
      --header='Content-Type: application/json' --post-file="$report" --output-document="$work/answer" "$target" 2>&1 |
      sed -n 's#^ *HTTP/[0-9.]* \([0-9]\{3\}\).*#\1#p' | tail -n 1)
    [ -n "$status" ] || status=000
    rm -f "$work/wgetrc"
  else
    say 'posting needs curl or GNU wget: busybox would show the token in ps'
    return 2
  fi
  case $status in
  2??)
    say "reported $host to $url"
    return 0
    ;;
  000)
    say "$url does not answer"
    return 2
    ;;
  esac
  detail=$(sed -E -n 's/.*"detail":"(([^"\\]|\\.)*)".*/\1/p' "$work/answer" | head -c 600 | tr -d '\000-\037\177')
  say "$url answered $status${detail:+: $detail}"
  # What is wrong with the token, or with what was sent, is wrong the next time too.
  case $status in 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422) return 1 ;; *) return 2 ;; esac
}

if [ -z "$url" ]; then
  collect
  cat "$report"
  exit 0
fi
while :; do
  collect
  send
  outcome=$?
  if [ -z "$every" ] || [ -n "$once" ]; then exit "$outcome"; fi
  # A token that is refused stays refused; a machine that could not be read may be readable the next time.
  [ "$status" != 401 ] || exit 1
  sleep "$every" >/dev/null 2>&1 &
  dog=$!
  wait "$dog"
done
