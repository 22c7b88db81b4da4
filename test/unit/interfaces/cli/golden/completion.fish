# completion of keyfold for fish: keyfold completion fish | source
function __keyfold_lacks_command
    set -l words (commandline -opc)
    set -e words[1]
    set -l is_value no
    for word in $words
        if test $is_value = yes
            set is_value no
            continue
        end
        switch $word
            case --store --category
                set is_value yes
            case '-*'
            case '*'
                return 1
        end
    end
    return 0
end
complete -c keyfold -f
complete -c keyfold -n '__keyfold_lacks_command' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__keyfold_lacks_command' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__keyfold_lacks_command' -l json -d 'print one JSON document'
complete -c keyfold -n '__keyfold_lacks_command' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__keyfold_lacks_command' -s v -l version -d 'output the version number'
complete -c keyfold -n '__keyfold_lacks_command' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a reserve -d 'ask whether a request was seen before, and claim its key'
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l operation -d 'what the key is used for' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l key -d 'the idempotency key' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l org -d 'organisation of the tenant (default: local)' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l workspace -d 'workspace of the tenant (default: default)' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l deployment -d 'deployment of the tenant' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l actor -d 'actor of the tenant; does not count for identity' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l source -d 'how the tenant became known (default: explicit where it is given)' -x -a 'explicit local_implicit'
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l now -d 'the present (default: the clock)' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l expires-at -d 'until when the answer is remembered' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l past -d 'take an --expires-at that is in the past'
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l retention -d 'how long after completion the answer is remembered' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l owner -d 'who would do the work' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l fingerprint -d 'what tells this request from another one under the same key' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l payload -d 'the request itself, to be fingerprinted; @FILE and @- read it' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l lease -d 'how long a crashed holder blocks the key: 30s, 5m, …, or none' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l claim-id -d 'present it again to retry this very reserve (default: a random one)' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l event-id -d 'the event in which the request was first seen' -x
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -l exit-code -d 'say the answer by the exit code: reserved 0, duplicate 20, in flight 21, conflict 22, in doubt 23, gone 24, reserved by takeover 25'
complete -c keyfold -n '__fish_seen_subcommand_from reserve' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a complete -d 'store what came of the work, under the claim of reserve'
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l claim -d 'the claim, or the whole answer of reserve --json; @FILE and @- read it' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l record-id -d 'record id of the claim' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l epoch -d 'epoch of the claim' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l claim-id -d 'claim id of the claim' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l outcome -d 'the outcome by its kind: charged, rejected, …' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l details -d 'with --outcome: any JSON; @FILE and @- read it' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l primary-ref -d 'with --outcome: what the outcome is about' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l secondary-ref -d 'with --outcome: what else it is about' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l completed-at -d 'with --outcome: when the work was done (default: now)' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l outcome-json -d 'in place of --outcome: {"outcome_kind": …} whole; @FILE and @- read it' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l now -d 'the present (default: the clock)' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l expires-at -d 'until when the answer is remembered' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l past -d 'take an --expires-at that is in the past'
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l retention -d 'how long after completion the answer is remembered' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l by-key-unfenced -d 'the predecessor’s form: by key and without a claim, the last one wins'
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l operation -d 'with --by-key-unfenced: what the key is used for' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l key -d 'with --by-key-unfenced: the idempotency key' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l org -d 'organisation of the tenant (default: local)' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l workspace -d 'workspace of the tenant (default: default)' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l deployment -d 'deployment of the tenant' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l actor -d 'actor of the tenant; does not count for identity' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete' -l source -d 'how the tenant became known (default: explicit where it is given)' -x -a 'explicit local_implicit'
complete -c keyfold -n '__fish_seen_subcommand_from complete' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a release -d 'give a claim back, so that the key can be reserved at once'
complete -c keyfold -n '__fish_seen_subcommand_from release' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from release' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from release' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from release' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from release' -l claim -d 'the claim, or the whole answer of reserve --json; @FILE and @- read it' -x
complete -c keyfold -n '__fish_seen_subcommand_from release' -l record-id -d 'record id of the claim' -x
complete -c keyfold -n '__fish_seen_subcommand_from release' -l epoch -d 'epoch of the claim' -x
complete -c keyfold -n '__fish_seen_subcommand_from release' -l claim-id -d 'claim id of the claim' -x
complete -c keyfold -n '__fish_seen_subcommand_from release' -l now -d 'the present (default: the clock)' -x
complete -c keyfold -n '__fish_seen_subcommand_from release' -l note -d 'why; kept in the history' -x
complete -c keyfold -n '__fish_seen_subcommand_from release' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a renew -d 'prolong the lease of a claim'
complete -c keyfold -n '__fish_seen_subcommand_from renew' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from renew' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from renew' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from renew' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from renew' -l claim -d 'the claim, or the whole answer of reserve --json; @FILE and @- read it' -x
complete -c keyfold -n '__fish_seen_subcommand_from renew' -l record-id -d 'record id of the claim' -x
complete -c keyfold -n '__fish_seen_subcommand_from renew' -l epoch -d 'epoch of the claim' -x
complete -c keyfold -n '__fish_seen_subcommand_from renew' -l claim-id -d 'claim id of the claim' -x
complete -c keyfold -n '__fish_seen_subcommand_from renew' -l now -d 'the present (default: the clock)' -x
complete -c keyfold -n '__fish_seen_subcommand_from renew' -l lease -d 'how long from now on: 30s, 5m, …' -x
complete -c keyfold -n '__fish_seen_subcommand_from renew' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a recovery-point -d 'write down how far the work under a claim got, for whoever takes over'
complete -c keyfold -n '__fish_seen_subcommand_from recovery-point' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from recovery-point' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from recovery-point' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from recovery-point' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from recovery-point' -l claim -d 'the claim, or the whole answer of reserve --json; @FILE and @- read it' -x
complete -c keyfold -n '__fish_seen_subcommand_from recovery-point' -l record-id -d 'record id of the claim' -x
complete -c keyfold -n '__fish_seen_subcommand_from recovery-point' -l epoch -d 'epoch of the claim' -x
complete -c keyfold -n '__fish_seen_subcommand_from recovery-point' -l claim-id -d 'claim id of the claim' -x
complete -c keyfold -n '__fish_seen_subcommand_from recovery-point' -l now -d 'the present (default: the clock)' -x
complete -c keyfold -n '__fish_seen_subcommand_from recovery-point' -l name -d 'what was reached, as the work itself calls it' -x
complete -c keyfold -n '__fish_seen_subcommand_from recovery-point' -l data -d 'what whoever takes over needs to know of it; @FILE and @- read it' -x
complete -c keyfold -n '__fish_seen_subcommand_from recovery-point' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a in-doubt -d 'say under a claim that nobody knows whether its effect happened: nobody takes over any more'
complete -c keyfold -n '__fish_seen_subcommand_from in-doubt' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from in-doubt' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from in-doubt' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from in-doubt' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from in-doubt' -l claim -d 'the claim, or the whole answer of reserve --json; @FILE and @- read it' -x
complete -c keyfold -n '__fish_seen_subcommand_from in-doubt' -l record-id -d 'record id of the claim' -x
complete -c keyfold -n '__fish_seen_subcommand_from in-doubt' -l epoch -d 'epoch of the claim' -x
complete -c keyfold -n '__fish_seen_subcommand_from in-doubt' -l claim-id -d 'claim id of the claim' -x
complete -c keyfold -n '__fish_seen_subcommand_from in-doubt' -l now -d 'the present (default: the clock)' -x
complete -c keyfold -n '__fish_seen_subcommand_from in-doubt' -l note -d 'why; kept in the history' -x
complete -c keyfold -n '__fish_seen_subcommand_from in-doubt' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a get -d 'show the record of a key, or that there is none'
complete -c keyfold -n '__fish_seen_subcommand_from get' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from get' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from get' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from get' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from get' -l operation -d 'with --key: what the key is used for' -x
complete -c keyfold -n '__fish_seen_subcommand_from get' -l key -d 'with --operation: the idempotency key' -x
complete -c keyfold -n '__fish_seen_subcommand_from get' -l record-id -d 'in place of them: the record id, or its beginning (idem_ab12) where no other begins so; that reads the whole log' -x
complete -c keyfold -n '__fish_seen_subcommand_from get' -l org -d 'organisation of the tenant (default: local)' -x
complete -c keyfold -n '__fish_seen_subcommand_from get' -l workspace -d 'workspace of the tenant (default: default)' -x
complete -c keyfold -n '__fish_seen_subcommand_from get' -l deployment -d 'deployment of the tenant' -x
complete -c keyfold -n '__fish_seen_subcommand_from get' -l actor -d 'actor of the tenant; does not count for identity' -x
complete -c keyfold -n '__fish_seen_subcommand_from get' -l source -d 'how the tenant became known (default: explicit where it is given)' -x -a 'explicit local_implicit'
complete -c keyfold -n '__fish_seen_subcommand_from get' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a history -d 'show every event of a key, oldest first'
complete -c keyfold -n '__fish_seen_subcommand_from history' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from history' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from history' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from history' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from history' -l operation -d 'with --key: what the key is used for' -x
complete -c keyfold -n '__fish_seen_subcommand_from history' -l key -d 'with --operation: the idempotency key' -x
complete -c keyfold -n '__fish_seen_subcommand_from history' -l record-id -d 'in place of them: the record id, or its beginning (idem_ab12) where no other begins so; that reads the whole log' -x
complete -c keyfold -n '__fish_seen_subcommand_from history' -l org -d 'organisation of the tenant (default: local)' -x
complete -c keyfold -n '__fish_seen_subcommand_from history' -l workspace -d 'workspace of the tenant (default: default)' -x
complete -c keyfold -n '__fish_seen_subcommand_from history' -l deployment -d 'deployment of the tenant' -x
complete -c keyfold -n '__fish_seen_subcommand_from history' -l actor -d 'actor of the tenant; does not count for identity' -x
complete -c keyfold -n '__fish_seen_subcommand_from history' -l source -d 'how the tenant became known (default: explicit where it is given)' -x -a 'explicit local_implicit'
complete -c keyfold -n '__fish_seen_subcommand_from history' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a as-of -d 'show a key as it stood at a moment'
complete -c keyfold -n '__fish_seen_subcommand_from as-of' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from as-of' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from as-of' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from as-of' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from as-of' -l operation -d 'with --key: what the key is used for' -x
complete -c keyfold -n '__fish_seen_subcommand_from as-of' -l key -d 'with --operation: the idempotency key' -x
complete -c keyfold -n '__fish_seen_subcommand_from as-of' -l record-id -d 'in place of them: the record id, or its beginning (idem_ab12) where no other begins so; that reads the whole log' -x
complete -c keyfold -n '__fish_seen_subcommand_from as-of' -l org -d 'organisation of the tenant (default: local)' -x
complete -c keyfold -n '__fish_seen_subcommand_from as-of' -l workspace -d 'workspace of the tenant (default: default)' -x
complete -c keyfold -n '__fish_seen_subcommand_from as-of' -l deployment -d 'deployment of the tenant' -x
complete -c keyfold -n '__fish_seen_subcommand_from as-of' -l actor -d 'actor of the tenant; does not count for identity' -x
complete -c keyfold -n '__fish_seen_subcommand_from as-of' -l source -d 'how the tenant became known (default: explicit where it is given)' -x -a 'explicit local_implicit'
complete -c keyfold -n '__fish_seen_subcommand_from as-of' -l at -d 'the moment, by the time at which the store recorded' -x
complete -c keyfold -n '__fish_seen_subcommand_from as-of' -l revision -d 'the moment after this revision of the key' -x
complete -c keyfold -n '__fish_seen_subcommand_from as-of' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a diff -d 'show what two moments of a key differ in'
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l operation -d 'with --key: what the key is used for' -x
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l key -d 'with --operation: the idempotency key' -x
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l record-id -d 'in place of them: the record id, or its beginning (idem_ab12) where no other begins so; that reads the whole log' -x
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l org -d 'organisation of the tenant (default: local)' -x
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l workspace -d 'workspace of the tenant (default: default)' -x
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l deployment -d 'deployment of the tenant' -x
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l actor -d 'actor of the tenant; does not count for identity' -x
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l source -d 'how the tenant became known (default: explicit where it is given)' -x -a 'explicit local_implicit'
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l from -d 'the earlier moment, by the time at which the store recorded' -x
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l from-revision -d 'the earlier moment, after this revision' -x
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l to -d 'the later moment' -x
complete -c keyfold -n '__fish_seen_subcommand_from diff' -l to-revision -d 'the later moment, after this revision' -x
complete -c keyfold -n '__fish_seen_subcommand_from diff' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a explain -d 'show what reserve would have answered at a moment, and why; nothing is written'
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l operation -d 'what the key is used for' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l key -d 'the idempotency key' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l org -d 'organisation of the tenant (default: local)' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l workspace -d 'workspace of the tenant (default: default)' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l deployment -d 'deployment of the tenant' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l actor -d 'actor of the tenant; does not count for identity' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l source -d 'how the tenant became known (default: explicit where it is given)' -x -a 'explicit local_implicit'
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l now -d 'the present (default: the moment itself)' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l at -d 'the moment, by the time at which the store recorded' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l revision -d 'the moment after this revision of the key' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l owner -d 'who would do the work' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l fingerprint -d 'what tells this request from another one under the same key' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l payload -d 'the request itself, to be fingerprinted; @FILE and @- read it' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l lease -d 'the lease that would be asked for: 30s, 5m, …, or none' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -l claim-id -d 'as whose retry it would come' -x
complete -c keyfold -n '__fish_seen_subcommand_from explain' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a list -d 'list the records of all keys that are held, by record id; from a view, or by a scan'
complete -c keyfold -n '__fish_seen_subcommand_from list' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from list' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from list' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from list' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from list' -l org -d 'only of this organisation' -x
complete -c keyfold -n '__fish_seen_subcommand_from list' -l workspace -d 'only of this workspace' -x
complete -c keyfold -n '__fish_seen_subcommand_from list' -l operation -d 'only of this operation' -x
complete -c keyfold -n '__fish_seen_subcommand_from list' -l owner -d 'only of this owner' -x
complete -c keyfold -n '__fish_seen_subcommand_from list' -l views -d 'the SQLite file of the views (default: KEYFOLD_VIEWS, else keyfold-views.db)' -r -F
complete -c keyfold -n '__fish_seen_subcommand_from list' -l scan -d 'read the log itself, whatever views there are'
complete -c keyfold -n '__fish_seen_subcommand_from list' -l status -d 'only in this status' -x -a 'reserved completed conflicted'
complete -c keyfold -n '__fish_seen_subcommand_from list' -l seen-from -d 'only those seen last at this time or later' -x
complete -c keyfold -n '__fish_seen_subcommand_from list' -l stuck -d 'only those of which nothing may come by itself, answered as by stuck'
complete -c keyfold -n '__fish_seen_subcommand_from list' -l limit -d 'at most so many' -x
complete -c keyfold -n '__fish_seen_subcommand_from list' -l strict -d 'fail where a stream cannot be read, in place of naming it and going on'
complete -c keyfold -n '__fish_seen_subcommand_from list' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a stuck -d 'list the keys in flight of which nothing may come by itself, and why; from a view, or by a scan'
complete -c keyfold -n '__fish_seen_subcommand_from stuck' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from stuck' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from stuck' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from stuck' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from stuck' -l org -d 'only of this organisation' -x
complete -c keyfold -n '__fish_seen_subcommand_from stuck' -l workspace -d 'only of this workspace' -x
complete -c keyfold -n '__fish_seen_subcommand_from stuck' -l operation -d 'only of this operation' -x
complete -c keyfold -n '__fish_seen_subcommand_from stuck' -l owner -d 'only of this owner' -x
complete -c keyfold -n '__fish_seen_subcommand_from stuck' -l now -d 'the present (default: the clock)' -x
complete -c keyfold -n '__fish_seen_subcommand_from stuck' -l views -d 'the SQLite file of the views (default: KEYFOLD_VIEWS, else keyfold-views.db)' -r -F
complete -c keyfold -n '__fish_seen_subcommand_from stuck' -l scan -d 'read the log itself, whatever views there are'
complete -c keyfold -n '__fish_seen_subcommand_from stuck' -l limit -d 'at most so many' -x
complete -c keyfold -n '__fish_seen_subcommand_from stuck' -l strict -d 'fail where a stream cannot be read, in place of naming it and going on'
complete -c keyfold -n '__fish_seen_subcommand_from stuck' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a conflicts -d 'count the requests that met a key used for another one, by operation and fingerprint'
complete -c keyfold -n '__fish_seen_subcommand_from conflicts' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from conflicts' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from conflicts' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from conflicts' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from conflicts' -l org -d 'only of this organisation' -x
complete -c keyfold -n '__fish_seen_subcommand_from conflicts' -l workspace -d 'only of this workspace' -x
complete -c keyfold -n '__fish_seen_subcommand_from conflicts' -l operation -d 'only of this operation' -x
complete -c keyfold -n '__fish_seen_subcommand_from conflicts' -l from -d 'only what was recorded at this time or later' -x
complete -c keyfold -n '__fish_seen_subcommand_from conflicts' -l until -d 'only what was recorded before this time' -x
complete -c keyfold -n '__fish_seen_subcommand_from conflicts' -l strict -d 'fail where a stream cannot be read, in place of naming it and going on'
complete -c keyfold -n '__fish_seen_subcommand_from conflicts' -l views -d 'the SQLite file of the views (default: KEYFOLD_VIEWS, else keyfold-views.db)' -r -F
complete -c keyfold -n '__fish_seen_subcommand_from conflicts' -l scan -d 'read the log itself, whatever views there are'
complete -c keyfold -n '__fish_seen_subcommand_from conflicts' -l limit -d 'at most so many rows' -x
complete -c keyfold -n '__fish_seen_subcommand_from conflicts' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a stats -d 'how keys stand, how many events came when, how long work took, and what came too late'
complete -c keyfold -n '__fish_seen_subcommand_from stats' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from stats' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from stats' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from stats' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from stats' -l org -d 'only of this organisation' -x
complete -c keyfold -n '__fish_seen_subcommand_from stats' -l workspace -d 'only of this workspace' -x
complete -c keyfold -n '__fish_seen_subcommand_from stats' -l operation -d 'only of this operation' -x
complete -c keyfold -n '__fish_seen_subcommand_from stats' -l from -d 'only what was recorded at this time or later' -x
complete -c keyfold -n '__fish_seen_subcommand_from stats' -l until -d 'only what was recorded before this time' -x
complete -c keyfold -n '__fish_seen_subcommand_from stats' -l strict -d 'fail where a stream cannot be read, in place of naming it and going on'
complete -c keyfold -n '__fish_seen_subcommand_from stats' -l views -d 'the SQLite file of the views (default: KEYFOLD_VIEWS, else keyfold-views.db)' -r -F
complete -c keyfold -n '__fish_seen_subcommand_from stats' -l scan -d 'read the log itself, whatever views there are'
complete -c keyfold -n '__fish_seen_subcommand_from stats' -l every -d 'count events for each such length of time (default: 1h)' -x
complete -c keyfold -n '__fish_seen_subcommand_from stats' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a sweep -d 'expire every key that is due by retention; from a view, or by a scan'
complete -c keyfold -n '__fish_seen_subcommand_from sweep' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from sweep' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from sweep' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from sweep' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from sweep' -l now -d 'the present (default: the clock)' -x
complete -c keyfold -n '__fish_seen_subcommand_from sweep' -l views -d 'the SQLite file of the views (default: KEYFOLD_VIEWS, else keyfold-views.db)' -r -F
complete -c keyfold -n '__fish_seen_subcommand_from sweep' -l scan -d 'read the log itself, whatever views there are'
complete -c keyfold -n '__fish_seen_subcommand_from sweep' -l watch -d 'sweep again and again, until it is stopped by a signal'
complete -c keyfold -n '__fish_seen_subcommand_from sweep' -l every -d 'with --watch: how long it is from one sweep to the next' -x
complete -c keyfold -n '__fish_seen_subcommand_from sweep' -l dry-run -d 'write nothing, and list the keys that are due'
complete -c keyfold -n '__fish_seen_subcommand_from sweep' -l max-keys -d 'at most so many keys a sweep' -x
complete -c keyfold -n '__fish_seen_subcommand_from sweep' -l batch -d 'how many keys are expired at once (default: 100)' -x
complete -c keyfold -n '__fish_seen_subcommand_from sweep' -l pause -d 'wait at most so long between two batches (default: 100ms)' -x
complete -c keyfold -n '__fish_seen_subcommand_from sweep' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a what-if -d 'list the requests that another policy would have answered differently; nothing is written'
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l operation -d 'with --key: what the key is used for' -x
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l key -d 'with --operation: the idempotency key' -x
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l record-id -d 'in place of them: the record id, or its beginning (idem_ab12) where no other begins so; that reads the whole log' -x
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l org -d 'organisation of the tenant (default: local)' -x
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l workspace -d 'workspace of the tenant (default: default)' -x
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l deployment -d 'deployment of the tenant' -x
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l actor -d 'actor of the tenant; does not count for identity' -x
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l source -d 'how the tenant became known (default: explicit where it is given)' -x -a 'explicit local_implicit'
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l lease -d 'in place of every lease: 30s, 5m, …, or none' -x
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l retention -d 'in place of every retention, from completion on' -x
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l takeover -d 'whether a lapsed lease is taken over' -x -a 'allow refuse'
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l reuse -d 'whether a key is used again after retention' -x -a 'allow reject'
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -l skew -d 'how long after its end a lease still runs' -x
complete -c keyfold -n '__fish_seen_subcommand_from what-if' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a verify -d 'judge all that the store holds, or one key, and name what is wrong by key and revision'
complete -c keyfold -n '__fish_seen_subcommand_from verify' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from verify' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from verify' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from verify' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from verify' -l operation -d 'with --key: what the key is used for' -x
complete -c keyfold -n '__fish_seen_subcommand_from verify' -l key -d 'with --operation: the idempotency key' -x
complete -c keyfold -n '__fish_seen_subcommand_from verify' -l record-id -d 'in place of them: the record id, or its beginning (idem_ab12) where no other begins so; that reads the whole log' -x
complete -c keyfold -n '__fish_seen_subcommand_from verify' -l org -d 'organisation of the tenant (default: local)' -x
complete -c keyfold -n '__fish_seen_subcommand_from verify' -l workspace -d 'workspace of the tenant (default: default)' -x
complete -c keyfold -n '__fish_seen_subcommand_from verify' -l deployment -d 'deployment of the tenant' -x
complete -c keyfold -n '__fish_seen_subcommand_from verify' -l actor -d 'actor of the tenant; does not count for identity' -x
complete -c keyfold -n '__fish_seen_subcommand_from verify' -l source -d 'how the tenant became known (default: explicit where it is given)' -x -a 'explicit local_implicit'
complete -c keyfold -n '__fish_seen_subcommand_from verify' -l after -d 'go on where another run got to' -x
complete -c keyfold -n '__fish_seen_subcommand_from verify' -l parallel -d 'how many keys are read back at once (default: 8)' -x
complete -c keyfold -n '__fish_seen_subcommand_from verify' -l tolerance -d 'how far the store’s clock may go back (default: 1s)' -x
complete -c keyfold -n '__fish_seen_subcommand_from verify' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a import -d 'bring the keys of the predecessor’s file in, all or none'
complete -c keyfold -n '__fish_seen_subcommand_from import' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from import' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from import' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from import' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from import' -l now -d 'the present (default: the clock)' -x
complete -c keyfold -n '__fish_seen_subcommand_from import' -l lease -d 'an end for the keys in flight: 1h, 7d, …; without one they stay blocked' -x
complete -c keyfold -n '__fish_seen_subcommand_from import' -l source -d 'where the file comes from; kept in the history' -x
complete -c keyfold -n '__fish_seen_subcommand_from import' -s h -l help -d 'display help for command'
complete -c keyfold -n '__fish_seen_subcommand_from import' -F
complete -c keyfold -n '__keyfold_lacks_command' -a export -d 'write every key that is held, or every event, as the predecessor’s file, JSON lines or CSV'
complete -c keyfold -n '__fish_seen_subcommand_from export' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from export' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from export' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from export' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from export' -l what -d 'what to write' -x -a 'records events'
complete -c keyfold -n '__fish_seen_subcommand_from export' -l format -d 'the predecessor’s file (default for records), JSON lines (default for events), or CSV' -x -a 'file ndjson csv'
complete -c keyfold -n '__fish_seen_subcommand_from export' -l org -d 'only of this organisation' -x
complete -c keyfold -n '__fish_seen_subcommand_from export' -l workspace -d 'only of this workspace' -x
complete -c keyfold -n '__fish_seen_subcommand_from export' -l operation -d 'only of this operation' -x
complete -c keyfold -n '__fish_seen_subcommand_from export' -l from -d 'only events recorded, or records seen last, at this time or later' -x
complete -c keyfold -n '__fish_seen_subcommand_from export' -l until -d 'only events recorded, or records seen last, before this time' -x
complete -c keyfold -n '__fish_seen_subcommand_from export' -l force -d 'replace the file where it is there already'
complete -c keyfold -n '__fish_seen_subcommand_from export' -l strict -d 'fail where a stream cannot be read, or a key is in doubt, in place of naming it and going on'
complete -c keyfold -n '__fish_seen_subcommand_from export' -s h -l help -d 'display help for command'
complete -c keyfold -n '__fish_seen_subcommand_from export' -F
complete -c keyfold -n '__keyfold_lacks_command' -a expire-by-operator -d 'end a reservation by hand, saying who and why; the key is free again'
complete -c keyfold -n '__fish_seen_subcommand_from expire-by-operator' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from expire-by-operator' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from expire-by-operator' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from expire-by-operator' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from expire-by-operator' -l operation -d 'what the key is used for' -x
complete -c keyfold -n '__fish_seen_subcommand_from expire-by-operator' -l key -d 'the idempotency key' -x
complete -c keyfold -n '__fish_seen_subcommand_from expire-by-operator' -l org -d 'organisation of the tenant (default: local)' -x
complete -c keyfold -n '__fish_seen_subcommand_from expire-by-operator' -l workspace -d 'workspace of the tenant (default: default)' -x
complete -c keyfold -n '__fish_seen_subcommand_from expire-by-operator' -l deployment -d 'deployment of the tenant' -x
complete -c keyfold -n '__fish_seen_subcommand_from expire-by-operator' -l actor -d 'actor of the tenant; does not count for identity' -x
complete -c keyfold -n '__fish_seen_subcommand_from expire-by-operator' -l source -d 'how the tenant became known (default: explicit where it is given)' -x -a 'explicit local_implicit'
complete -c keyfold -n '__fish_seen_subcommand_from expire-by-operator' -l now -d 'the present (default: the clock)' -x
complete -c keyfold -n '__fish_seen_subcommand_from expire-by-operator' -l by -d 'who decides this' -x
complete -c keyfold -n '__fish_seen_subcommand_from expire-by-operator' -l note -d 'why; kept in the history' -x
complete -c keyfold -n '__fish_seen_subcommand_from expire-by-operator' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a complete-by-operator -d 'store an outcome by hand for a key in flight, saying who and why'
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l operation -d 'what the key is used for' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l key -d 'the idempotency key' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l org -d 'organisation of the tenant (default: local)' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l workspace -d 'workspace of the tenant (default: default)' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l deployment -d 'deployment of the tenant' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l actor -d 'actor of the tenant; does not count for identity' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l source -d 'how the tenant became known (default: explicit where it is given)' -x -a 'explicit local_implicit'
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l outcome -d 'the outcome by its kind: charged, rejected, …' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l details -d 'with --outcome: any JSON; @FILE and @- read it' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l primary-ref -d 'with --outcome: what the outcome is about' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l secondary-ref -d 'with --outcome: what else it is about' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l completed-at -d 'with --outcome: when the work was done (default: now)' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l outcome-json -d 'in place of --outcome: {"outcome_kind": …} whole; @FILE and @- read it' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l now -d 'the present (default: the clock)' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l by -d 'who decides this' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -l note -d 'why; kept in the history' -x
complete -c keyfold -n '__fish_seen_subcommand_from complete-by-operator' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a projections -d 'feed, rebuild, check and mend the views that reports are read from'
complete -c keyfold -n '__fish_seen_subcommand_from projections' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from projections' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from projections' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from projections' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from projections' -l views -d 'the SQLite file of the views (default: KEYFOLD_VIEWS, else keyfold-views.db)' -r -F
complete -c keyfold -n '__fish_seen_subcommand_from projections' -l partitions -d 'with run and rebuild: into how many parts the keys are divided' -x
complete -c keyfold -n '__fish_seen_subcommand_from projections' -l park -d 'with rebuild: park keys with an event that cannot be taken in, in place of failing'
complete -c keyfold -n '__fish_seen_subcommand_from projections' -l by -d 'with retry and skip: who decides this' -x
complete -c keyfold -n '__fish_seen_subcommand_from projections' -l note -d 'with retry and skip: why; kept with what was left out' -x
complete -c keyfold -n '__fish_seen_subcommand_from projections' -s h -l help -d 'display help for command'
complete -c keyfold -n '__fish_seen_subcommand_from projections' -a 'status run rebuild verify parked retry skip'
complete -c keyfold -n '__keyfold_lacks_command' -a rebuild -d 'build views anew beside the live ones, one after another: projections rebuild for several'
complete -c keyfold -n '__fish_seen_subcommand_from rebuild' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from rebuild' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from rebuild' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from rebuild' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from rebuild' -l views -d 'the SQLite file of the views (default: KEYFOLD_VIEWS, else keyfold-views.db)' -r -F
complete -c keyfold -n '__fish_seen_subcommand_from rebuild' -l partitions -d 'into how many parts the keys are divided (default: as before, else 1)' -x
complete -c keyfold -n '__fish_seen_subcommand_from rebuild' -l park -d 'park keys with an event that cannot be taken in, in place of failing'
complete -c keyfold -n '__fish_seen_subcommand_from rebuild' -l all -d 'all views that there are'
complete -c keyfold -n '__fish_seen_subcommand_from rebuild' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a tail -d 'show events as they are recorded, a line each, until it is stopped'
complete -c keyfold -n '__fish_seen_subcommand_from tail' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from tail' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from tail' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from tail' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from tail' -l from -d 'start, end, or a position: what comes after it' -x
complete -c keyfold -n '__fish_seen_subcommand_from tail' -l org -d 'with --workspace: only of this tenant' -x
complete -c keyfold -n '__fish_seen_subcommand_from tail' -l workspace -d 'with --org: only of this tenant' -x
complete -c keyfold -n '__fish_seen_subcommand_from tail' -l deployment -d 'with --org and --workspace: only of this deployment' -x
complete -c keyfold -n '__fish_seen_subcommand_from tail' -l operation -d 'only of this operation' -x
complete -c keyfold -n '__fish_seen_subcommand_from tail' -l type -d 'only events of these types' -x -a 'Reserved DuplicateSeen ConflictRecorded Completed Expired LeaseRenewed CompletionRejected Imported RecoveryPointReached MarkedInDoubt'
complete -c keyfold -n '__fish_seen_subcommand_from tail' -l no-follow -d 'end at the end of the log'
complete -c keyfold -n '__fish_seen_subcommand_from tail' -l strict -d 'fail where an event cannot be read, in place of naming it and going on'
complete -c keyfold -n '__fish_seen_subcommand_from tail' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a batch -d 'answer newline-delimited JSON commands from stdin on stdout, one answer a line, in order'
complete -c keyfold -n '__fish_seen_subcommand_from batch' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from batch' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from batch' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from batch' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from batch' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a doctor -d 'look at the store and at what it runs on: what is wrong, and how to mend it; changes nothing'
complete -c keyfold -n '__fish_seen_subcommand_from doctor' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from doctor' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from doctor' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from doctor' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from doctor' -l views -d 'the SQLite file of the views (default: KEYFOLD_VIEWS, else keyfold-views.db)' -r -F
complete -c keyfold -n '__fish_seen_subcommand_from doctor' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a completion -d 'print a script that completes commands and options for bash, zsh or fish'
complete -c keyfold -n '__fish_seen_subcommand_from completion' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from completion' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from completion' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from completion' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from completion' -s h -l help -d 'display help for command'
complete -c keyfold -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'
complete -c keyfold -n '__keyfold_lacks_command' -a demo -d 'take real GitHub webhooks through the ledger: redeliveries, tampering, a killed worker'
complete -c keyfold -n '__fish_seen_subcommand_from demo' -l store -d 'sqlite:FILE, memory:, esdb://… or kurrentdb://… (default: KEYFOLD_STORE, else sqlite:keyfold.db)' -x
complete -c keyfold -n '__fish_seen_subcommand_from demo' -l category -d 'what stands before record ids in stream names (default: idempotency)' -x
complete -c keyfold -n '__fish_seen_subcommand_from demo' -l json -d 'print one JSON document'
complete -c keyfold -n '__fish_seen_subcommand_from demo' -l local -d 'show times as they are here, not of UTC; JSON has epoch milliseconds all the same'
complete -c keyfold -n '__fish_seen_subcommand_from demo' -l file -d 'the SQLite file; it stays, and another run is answered from it' -r -F
complete -c keyfold -n '__fish_seen_subcommand_from demo' -s h -l help -d 'display help for command'
complete -c keyfold -n '__keyfold_lacks_command' -a help -d 'display help for command'
