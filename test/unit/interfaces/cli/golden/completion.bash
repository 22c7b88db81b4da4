# completion of keyfold for bash: source <(keyfold completion bash)
# names of files are bash's own to complete, whatever is in them; where it has no compopt (3.2), line by line
_keyfold_files() {
  local one
  compopt -o default 2>/dev/null && return
  while IFS= read -r one; do COMPREPLY+=("$one"); done < <(compgen -f -- "$word")
}
# the words up to the cursor as they were typed: bash takes sqlite:x.db and --status=completed apart, and only its line tells where
# blanks were
_keyfold_words() {
  local rest="${COMP_LINE#*"${COMP_WORDS[0]}"}" index=1 part
  words=(keyfold)
  while [ "$index" -le "$COMP_CWORD" ]; do
    part="${COMP_WORDS[index]}"
    case "$rest" in
      [!$' \t\n']*) words[${#words[@]}-1]+="$part" ;;
      *) words+=("$part") ;;
    esac
    rest="${rest#*"$part"}"
    index=$((index + 1))
  done
}
_keyfold() {
  COMPREPLY=()
  local words name='' index=1 IFS=$' \t\n'
  _keyfold_words
  local last=$((${#words[@]} - 1))
  local word="${words[last]}" before="${words[last-1]}"
  case "$word" in --*=*) before="${word%%=*}"; word="${word#*=}" ;; esac
  while [ "$index" -lt "$last" ]; do
    case "${words[index]}" in
      --store|--category) index=$((index + 1)) ;;
      -*) ;;
      *) name="${words[index]}"; break ;;
    esac
    index=$((index + 1))
  done
  case "$name $before" in
    ' --store') COMPREPLY=(); return ;;
    ' --category') COMPREPLY=(); return ;;
    'reserve --store') COMPREPLY=(); return ;;
    'reserve --category') COMPREPLY=(); return ;;
    'reserve --operation') COMPREPLY=(); return ;;
    'reserve --key') COMPREPLY=(); return ;;
    'reserve --org') COMPREPLY=(); return ;;
    'reserve --workspace') COMPREPLY=(); return ;;
    'reserve --deployment') COMPREPLY=(); return ;;
    'reserve --actor') COMPREPLY=(); return ;;
    'reserve --source') COMPREPLY=($(compgen -W 'explicit local_implicit' -- "$word")); return ;;
    'reserve --now') COMPREPLY=(); return ;;
    'reserve --expires-at') COMPREPLY=(); return ;;
    'reserve --retention') COMPREPLY=(); return ;;
    'reserve --owner') COMPREPLY=(); return ;;
    'reserve --fingerprint') COMPREPLY=(); return ;;
    'reserve --payload') COMPREPLY=(); return ;;
    'reserve --lease') COMPREPLY=(); return ;;
    'reserve --claim-id') COMPREPLY=(); return ;;
    'reserve --event-id') COMPREPLY=(); return ;;
    'complete --store') COMPREPLY=(); return ;;
    'complete --category') COMPREPLY=(); return ;;
    'complete --claim') COMPREPLY=(); return ;;
    'complete --record-id') COMPREPLY=(); return ;;
    'complete --epoch') COMPREPLY=(); return ;;
    'complete --claim-id') COMPREPLY=(); return ;;
    'complete --outcome') COMPREPLY=(); return ;;
    'complete --details') COMPREPLY=(); return ;;
    'complete --primary-ref') COMPREPLY=(); return ;;
    'complete --secondary-ref') COMPREPLY=(); return ;;
    'complete --completed-at') COMPREPLY=(); return ;;
    'complete --outcome-json') COMPREPLY=(); return ;;
    'complete --now') COMPREPLY=(); return ;;
    'complete --expires-at') COMPREPLY=(); return ;;
    'complete --retention') COMPREPLY=(); return ;;
    'complete --operation') COMPREPLY=(); return ;;
    'complete --key') COMPREPLY=(); return ;;
    'complete --org') COMPREPLY=(); return ;;
    'complete --workspace') COMPREPLY=(); return ;;
    'complete --deployment') COMPREPLY=(); return ;;
    'complete --actor') COMPREPLY=(); return ;;
    'complete --source') COMPREPLY=($(compgen -W 'explicit local_implicit' -- "$word")); return ;;
    'release --store') COMPREPLY=(); return ;;
    'release --category') COMPREPLY=(); return ;;
    'release --claim') COMPREPLY=(); return ;;
    'release --record-id') COMPREPLY=(); return ;;
    'release --epoch') COMPREPLY=(); return ;;
    'release --claim-id') COMPREPLY=(); return ;;
    'release --now') COMPREPLY=(); return ;;
    'release --note') COMPREPLY=(); return ;;
    'renew --store') COMPREPLY=(); return ;;
    'renew --category') COMPREPLY=(); return ;;
    'renew --claim') COMPREPLY=(); return ;;
    'renew --record-id') COMPREPLY=(); return ;;
    'renew --epoch') COMPREPLY=(); return ;;
    'renew --claim-id') COMPREPLY=(); return ;;
    'renew --now') COMPREPLY=(); return ;;
    'renew --lease') COMPREPLY=(); return ;;
    'recovery-point --store') COMPREPLY=(); return ;;
    'recovery-point --category') COMPREPLY=(); return ;;
    'recovery-point --claim') COMPREPLY=(); return ;;
    'recovery-point --record-id') COMPREPLY=(); return ;;
    'recovery-point --epoch') COMPREPLY=(); return ;;
    'recovery-point --claim-id') COMPREPLY=(); return ;;
    'recovery-point --now') COMPREPLY=(); return ;;
    'recovery-point --name') COMPREPLY=(); return ;;
    'recovery-point --data') COMPREPLY=(); return ;;
    'in-doubt --store') COMPREPLY=(); return ;;
    'in-doubt --category') COMPREPLY=(); return ;;
    'in-doubt --claim') COMPREPLY=(); return ;;
    'in-doubt --record-id') COMPREPLY=(); return ;;
    'in-doubt --epoch') COMPREPLY=(); return ;;
    'in-doubt --claim-id') COMPREPLY=(); return ;;
    'in-doubt --now') COMPREPLY=(); return ;;
    'in-doubt --note') COMPREPLY=(); return ;;
    'get --store') COMPREPLY=(); return ;;
    'get --category') COMPREPLY=(); return ;;
    'get --operation') COMPREPLY=(); return ;;
    'get --key') COMPREPLY=(); return ;;
    'get --record-id') COMPREPLY=(); return ;;
    'get --org') COMPREPLY=(); return ;;
    'get --workspace') COMPREPLY=(); return ;;
    'get --deployment') COMPREPLY=(); return ;;
    'get --actor') COMPREPLY=(); return ;;
    'get --source') COMPREPLY=($(compgen -W 'explicit local_implicit' -- "$word")); return ;;
    'history --store') COMPREPLY=(); return ;;
    'history --category') COMPREPLY=(); return ;;
    'history --operation') COMPREPLY=(); return ;;
    'history --key') COMPREPLY=(); return ;;
    'history --record-id') COMPREPLY=(); return ;;
    'history --org') COMPREPLY=(); return ;;
    'history --workspace') COMPREPLY=(); return ;;
    'history --deployment') COMPREPLY=(); return ;;
    'history --actor') COMPREPLY=(); return ;;
    'history --source') COMPREPLY=($(compgen -W 'explicit local_implicit' -- "$word")); return ;;
    'as-of --store') COMPREPLY=(); return ;;
    'as-of --category') COMPREPLY=(); return ;;
    'as-of --operation') COMPREPLY=(); return ;;
    'as-of --key') COMPREPLY=(); return ;;
    'as-of --record-id') COMPREPLY=(); return ;;
    'as-of --org') COMPREPLY=(); return ;;
    'as-of --workspace') COMPREPLY=(); return ;;
    'as-of --deployment') COMPREPLY=(); return ;;
    'as-of --actor') COMPREPLY=(); return ;;
    'as-of --source') COMPREPLY=($(compgen -W 'explicit local_implicit' -- "$word")); return ;;
    'as-of --at') COMPREPLY=(); return ;;
    'as-of --revision') COMPREPLY=(); return ;;
    'diff --store') COMPREPLY=(); return ;;
    'diff --category') COMPREPLY=(); return ;;
    'diff --operation') COMPREPLY=(); return ;;
    'diff --key') COMPREPLY=(); return ;;
    'diff --record-id') COMPREPLY=(); return ;;
    'diff --org') COMPREPLY=(); return ;;
    'diff --workspace') COMPREPLY=(); return ;;
    'diff --deployment') COMPREPLY=(); return ;;
    'diff --actor') COMPREPLY=(); return ;;
    'diff --source') COMPREPLY=($(compgen -W 'explicit local_implicit' -- "$word")); return ;;
    'diff --from') COMPREPLY=(); return ;;
    'diff --from-revision') COMPREPLY=(); return ;;
    'diff --to') COMPREPLY=(); return ;;
    'diff --to-revision') COMPREPLY=(); return ;;
    'explain --store') COMPREPLY=(); return ;;
    'explain --category') COMPREPLY=(); return ;;
    'explain --operation') COMPREPLY=(); return ;;
    'explain --key') COMPREPLY=(); return ;;
    'explain --org') COMPREPLY=(); return ;;
    'explain --workspace') COMPREPLY=(); return ;;
    'explain --deployment') COMPREPLY=(); return ;;
    'explain --actor') COMPREPLY=(); return ;;
    'explain --source') COMPREPLY=($(compgen -W 'explicit local_implicit' -- "$word")); return ;;
    'explain --now') COMPREPLY=(); return ;;
    'explain --at') COMPREPLY=(); return ;;
    'explain --revision') COMPREPLY=(); return ;;
    'explain --owner') COMPREPLY=(); return ;;
    'explain --fingerprint') COMPREPLY=(); return ;;
    'explain --payload') COMPREPLY=(); return ;;
    'explain --lease') COMPREPLY=(); return ;;
    'explain --claim-id') COMPREPLY=(); return ;;
    'list --store') COMPREPLY=(); return ;;
    'list --category') COMPREPLY=(); return ;;
    'list --org') COMPREPLY=(); return ;;
    'list --workspace') COMPREPLY=(); return ;;
    'list --operation') COMPREPLY=(); return ;;
    'list --owner') COMPREPLY=(); return ;;
    'list --views') _keyfold_files; return ;;
    'list --status') COMPREPLY=($(compgen -W 'reserved completed conflicted' -- "$word")); return ;;
    'list --seen-from') COMPREPLY=(); return ;;
    'list --limit') COMPREPLY=(); return ;;
    'stuck --store') COMPREPLY=(); return ;;
    'stuck --category') COMPREPLY=(); return ;;
    'stuck --org') COMPREPLY=(); return ;;
    'stuck --workspace') COMPREPLY=(); return ;;
    'stuck --operation') COMPREPLY=(); return ;;
    'stuck --owner') COMPREPLY=(); return ;;
    'stuck --now') COMPREPLY=(); return ;;
    'stuck --views') _keyfold_files; return ;;
    'stuck --limit') COMPREPLY=(); return ;;
    'conflicts --store') COMPREPLY=(); return ;;
    'conflicts --category') COMPREPLY=(); return ;;
    'conflicts --org') COMPREPLY=(); return ;;
    'conflicts --workspace') COMPREPLY=(); return ;;
    'conflicts --operation') COMPREPLY=(); return ;;
    'conflicts --from') COMPREPLY=(); return ;;
    'conflicts --until') COMPREPLY=(); return ;;
    'conflicts --views') _keyfold_files; return ;;
    'conflicts --limit') COMPREPLY=(); return ;;
    'stats --store') COMPREPLY=(); return ;;
    'stats --category') COMPREPLY=(); return ;;
    'stats --org') COMPREPLY=(); return ;;
    'stats --workspace') COMPREPLY=(); return ;;
    'stats --operation') COMPREPLY=(); return ;;
    'stats --from') COMPREPLY=(); return ;;
    'stats --until') COMPREPLY=(); return ;;
    'stats --views') _keyfold_files; return ;;
    'stats --every') COMPREPLY=(); return ;;
    'sweep --store') COMPREPLY=(); return ;;
    'sweep --category') COMPREPLY=(); return ;;
    'sweep --now') COMPREPLY=(); return ;;
    'sweep --views') _keyfold_files; return ;;
    'sweep --every') COMPREPLY=(); return ;;
    'sweep --max-keys') COMPREPLY=(); return ;;
    'sweep --batch') COMPREPLY=(); return ;;
    'sweep --pause') COMPREPLY=(); return ;;
    'what-if --store') COMPREPLY=(); return ;;
    'what-if --category') COMPREPLY=(); return ;;
    'what-if --operation') COMPREPLY=(); return ;;
    'what-if --key') COMPREPLY=(); return ;;
    'what-if --record-id') COMPREPLY=(); return ;;
    'what-if --org') COMPREPLY=(); return ;;
    'what-if --workspace') COMPREPLY=(); return ;;
    'what-if --deployment') COMPREPLY=(); return ;;
    'what-if --actor') COMPREPLY=(); return ;;
    'what-if --source') COMPREPLY=($(compgen -W 'explicit local_implicit' -- "$word")); return ;;
    'what-if --lease') COMPREPLY=(); return ;;
    'what-if --retention') COMPREPLY=(); return ;;
    'what-if --takeover') COMPREPLY=($(compgen -W 'allow refuse' -- "$word")); return ;;
    'what-if --reuse') COMPREPLY=($(compgen -W 'allow reject' -- "$word")); return ;;
    'what-if --skew') COMPREPLY=(); return ;;
    'verify --store') COMPREPLY=(); return ;;
    'verify --category') COMPREPLY=(); return ;;
    'verify --operation') COMPREPLY=(); return ;;
    'verify --key') COMPREPLY=(); return ;;
    'verify --record-id') COMPREPLY=(); return ;;
    'verify --org') COMPREPLY=(); return ;;
    'verify --workspace') COMPREPLY=(); return ;;
    'verify --deployment') COMPREPLY=(); return ;;
    'verify --actor') COMPREPLY=(); return ;;
    'verify --source') COMPREPLY=($(compgen -W 'explicit local_implicit' -- "$word")); return ;;
    'verify --after') COMPREPLY=(); return ;;
    'verify --parallel') COMPREPLY=(); return ;;
    'verify --tolerance') COMPREPLY=(); return ;;
    'import --store') COMPREPLY=(); return ;;
    'import --category') COMPREPLY=(); return ;;
    'import --now') COMPREPLY=(); return ;;
    'import --lease') COMPREPLY=(); return ;;
    'import --source') COMPREPLY=(); return ;;
    'export --store') COMPREPLY=(); return ;;
    'export --category') COMPREPLY=(); return ;;
    'export --what') COMPREPLY=($(compgen -W 'records events' -- "$word")); return ;;
    'export --format') COMPREPLY=($(compgen -W 'file ndjson csv' -- "$word")); return ;;
    'export --org') COMPREPLY=(); return ;;
    'export --workspace') COMPREPLY=(); return ;;
    'export --operation') COMPREPLY=(); return ;;
    'export --from') COMPREPLY=(); return ;;
    'export --until') COMPREPLY=(); return ;;
    'expire-by-operator --store') COMPREPLY=(); return ;;
    'expire-by-operator --category') COMPREPLY=(); return ;;
    'expire-by-operator --operation') COMPREPLY=(); return ;;
    'expire-by-operator --key') COMPREPLY=(); return ;;
    'expire-by-operator --org') COMPREPLY=(); return ;;
    'expire-by-operator --workspace') COMPREPLY=(); return ;;
    'expire-by-operator --deployment') COMPREPLY=(); return ;;
    'expire-by-operator --actor') COMPREPLY=(); return ;;
    'expire-by-operator --source') COMPREPLY=($(compgen -W 'explicit local_implicit' -- "$word")); return ;;
    'expire-by-operator --now') COMPREPLY=(); return ;;
    'expire-by-operator --by') COMPREPLY=(); return ;;
    'expire-by-operator --note') COMPREPLY=(); return ;;
    'complete-by-operator --store') COMPREPLY=(); return ;;
    'complete-by-operator --category') COMPREPLY=(); return ;;
    'complete-by-operator --operation') COMPREPLY=(); return ;;
    'complete-by-operator --key') COMPREPLY=(); return ;;
    'complete-by-operator --org') COMPREPLY=(); return ;;
    'complete-by-operator --workspace') COMPREPLY=(); return ;;
    'complete-by-operator --deployment') COMPREPLY=(); return ;;
    'complete-by-operator --actor') COMPREPLY=(); return ;;
    'complete-by-operator --source') COMPREPLY=($(compgen -W 'explicit local_implicit' -- "$word")); return ;;
    'complete-by-operator --outcome') COMPREPLY=(); return ;;
    'complete-by-operator --details') COMPREPLY=(); return ;;
    'complete-by-operator --primary-ref') COMPREPLY=(); return ;;
    'complete-by-operator --secondary-ref') COMPREPLY=(); return ;;
    'complete-by-operator --completed-at') COMPREPLY=(); return ;;
    'complete-by-operator --outcome-json') COMPREPLY=(); return ;;
    'complete-by-operator --now') COMPREPLY=(); return ;;
    'complete-by-operator --by') COMPREPLY=(); return ;;
    'complete-by-operator --note') COMPREPLY=(); return ;;
    'projections --store') COMPREPLY=(); return ;;
    'projections --category') COMPREPLY=(); return ;;
    'projections --views') _keyfold_files; return ;;
    'projections --partitions') COMPREPLY=(); return ;;
    'projections --by') COMPREPLY=(); return ;;
    'projections --note') COMPREPLY=(); return ;;
    'rebuild --store') COMPREPLY=(); return ;;
    'rebuild --category') COMPREPLY=(); return ;;
    'rebuild --views') _keyfold_files; return ;;
    'rebuild --partitions') COMPREPLY=(); return ;;
    'tail --store') COMPREPLY=(); return ;;
    'tail --category') COMPREPLY=(); return ;;
    'tail --from') COMPREPLY=(); return ;;
    'tail --org') COMPREPLY=(); return ;;
    'tail --workspace') COMPREPLY=(); return ;;
    'tail --deployment') COMPREPLY=(); return ;;
    'tail --operation') COMPREPLY=(); return ;;
    'tail --type') COMPREPLY=($(compgen -W 'Reserved DuplicateSeen ConflictRecorded Completed Expired LeaseRenewed CompletionRejected Imported RecoveryPointReached MarkedInDoubt' -- "$word")); return ;;
    'batch --store') COMPREPLY=(); return ;;
    'batch --category') COMPREPLY=(); return ;;
    'doctor --store') COMPREPLY=(); return ;;
    'doctor --category') COMPREPLY=(); return ;;
    'doctor --views') _keyfold_files; return ;;
    'completion --store') COMPREPLY=(); return ;;
    'completion --category') COMPREPLY=(); return ;;
    'demo --store') COMPREPLY=(); return ;;
    'demo --category') COMPREPLY=(); return ;;
    'demo --file') _keyfold_files; return ;;
  esac
  case "$name" in
    '') COMPREPLY=($(compgen -W '--store --category --json --local -v --version -h --help reserve complete release renew recovery-point in-doubt get history as-of diff explain list stuck conflicts stats sweep what-if verify import export expire-by-operator complete-by-operator projections rebuild tail batch doctor completion demo help' -- "$word")) ;;
    reserve) COMPREPLY=($(compgen -W '--store --category --json --local --operation --key --org --workspace --deployment --actor --source --now --expires-at --past --retention --owner --fingerprint --payload --lease --claim-id --event-id --exit-code -h --help' -- "$word")) ;;
    complete) COMPREPLY=($(compgen -W '--store --category --json --local --claim --record-id --epoch --claim-id --outcome --details --primary-ref --secondary-ref --completed-at --outcome-json --now --expires-at --past --retention --by-key-unfenced --operation --key --org --workspace --deployment --actor --source -h --help' -- "$word")) ;;
    release) COMPREPLY=($(compgen -W '--store --category --json --local --claim --record-id --epoch --claim-id --now --note -h --help' -- "$word")) ;;
    renew) COMPREPLY=($(compgen -W '--store --category --json --local --claim --record-id --epoch --claim-id --now --lease -h --help' -- "$word")) ;;
    recovery-point) COMPREPLY=($(compgen -W '--store --category --json --local --claim --record-id --epoch --claim-id --now --name --data -h --help' -- "$word")) ;;
    in-doubt) COMPREPLY=($(compgen -W '--store --category --json --local --claim --record-id --epoch --claim-id --now --note -h --help' -- "$word")) ;;
    get) COMPREPLY=($(compgen -W '--store --category --json --local --operation --key --record-id --org --workspace --deployment --actor --source -h --help' -- "$word")) ;;
    history) COMPREPLY=($(compgen -W '--store --category --json --local --operation --key --record-id --org --workspace --deployment --actor --source -h --help' -- "$word")) ;;
    as-of) COMPREPLY=($(compgen -W '--store --category --json --local --operation --key --record-id --org --workspace --deployment --actor --source --at --revision -h --help' -- "$word")) ;;
    diff) COMPREPLY=($(compgen -W '--store --category --json --local --operation --key --record-id --org --workspace --deployment --actor --source --from --from-revision --to --to-revision -h --help' -- "$word")) ;;
    explain) COMPREPLY=($(compgen -W '--store --category --json --local --operation --key --org --workspace --deployment --actor --source --now --at --revision --owner --fingerprint --payload --lease --claim-id -h --help' -- "$word")) ;;
    list) COMPREPLY=($(compgen -W '--store --category --json --local --org --workspace --operation --owner --views --scan --status --seen-from --stuck --limit --strict -h --help' -- "$word")) ;;
    stuck) COMPREPLY=($(compgen -W '--store --category --json --local --org --workspace --operation --owner --now --views --scan --limit --strict -h --help' -- "$word")) ;;
    conflicts) COMPREPLY=($(compgen -W '--store --category --json --local --org --workspace --operation --from --until --strict --views --scan --limit -h --help' -- "$word")) ;;
    stats) COMPREPLY=($(compgen -W '--store --category --json --local --org --workspace --operation --from --until --strict --views --scan --every -h --help' -- "$word")) ;;
    sweep) COMPREPLY=($(compgen -W '--store --category --json --local --now --views --scan --watch --every --dry-run --max-keys --batch --pause -h --help' -- "$word")) ;;
    what-if) COMPREPLY=($(compgen -W '--store --category --json --local --operation --key --record-id --org --workspace --deployment --actor --source --lease --retention --takeover --reuse --skew -h --help' -- "$word")) ;;
    verify) COMPREPLY=($(compgen -W '--store --category --json --local --operation --key --record-id --org --workspace --deployment --actor --source --after --parallel --tolerance -h --help' -- "$word")) ;;
    import) case "$word" in -*) COMPREPLY=($(compgen -W '--store --category --json --local --now --lease --source -h --help' -- "$word")) ;; *) _keyfold_files ;; esac ;;
    export) case "$word" in -*) COMPREPLY=($(compgen -W '--store --category --json --local --what --format --org --workspace --operation --from --until --force --strict -h --help' -- "$word")) ;; *) _keyfold_files ;; esac ;;
    expire-by-operator) COMPREPLY=($(compgen -W '--store --category --json --local --operation --key --org --workspace --deployment --actor --source --now --by --note -h --help' -- "$word")) ;;
    complete-by-operator) COMPREPLY=($(compgen -W '--store --category --json --local --operation --key --org --workspace --deployment --actor --source --outcome --details --primary-ref --secondary-ref --completed-at --outcome-json --now --by --note -h --help' -- "$word")) ;;
    projections) case "$word" in -*) COMPREPLY=($(compgen -W '--store --category --json --local --views --partitions --park --by --note -h --help' -- "$word")) ;; *) COMPREPLY=($(compgen -W 'status run rebuild verify parked retry skip' -- "$word")) ;; esac ;;
    rebuild) COMPREPLY=($(compgen -W '--store --category --json --local --views --partitions --park --all -h --help' -- "$word")) ;;
    tail) COMPREPLY=($(compgen -W '--store --category --json --local --from --org --workspace --deployment --operation --type --no-follow --strict -h --help' -- "$word")) ;;
    batch) COMPREPLY=($(compgen -W '--store --category --json --local -h --help' -- "$word")) ;;
    doctor) COMPREPLY=($(compgen -W '--store --category --json --local --views -h --help' -- "$word")) ;;
    completion) case "$word" in -*) COMPREPLY=($(compgen -W '--store --category --json --local -h --help' -- "$word")) ;; *) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$word")) ;; esac ;;
    demo) COMPREPLY=($(compgen -W '--store --category --json --local --file -h --help' -- "$word")) ;;
    help) COMPREPLY=($(compgen -W '' -- "$word")) ;;
  esac
}
complete -F _keyfold keyfold
