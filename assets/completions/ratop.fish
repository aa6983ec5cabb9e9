# ratop's completion for fish; made by `ratop completions fish`.
set -g __ratop_commands top print demo doctor fields filters config completions
set -g __ratop_field_names stime ltime dur sdur ddur sstime dstime sltime dltime proto saddr sport dir daddr dport cid icmptype icmpcode inf srcid trans pkts spkts dpkts bytes sbytes dbytes appbytes sappbytes dappbytes smeansz dmeansz smaxsz dmaxsz load sload dload rate srate drate pcr state flgs cause loss sloss dloss ploss sploss dploss tcprtt synack ackdat stcpb dtcpb swin dwin tcpopt stcpopt dtcpopt smss dmss sflags dflags sintpkt dintpkt sjit djit sttl dttl sttlmin dttlmin sttlmax dttlmax shops dhops stos dtos sdsb ddsb sipid dipid smac dmac stomac dtomac svlan dvlan svid dvid svpri dvpri smpls dmpls encaps depth user pid program owner ownerwhy match ownersource ownerdist owners likely ownerlost label exe cmdline ppid parent lineage container netns uid suser spid sprog duser dpid dprog smatch dmatch sownerwhy downerwhy sowners downers sname dname peername snamehow dnamehow peernamehow sni way peer pport peernet peers programs tree rx tx bps risk level why topwhy flowid ended
set -g __ratop_filter_words aarp abr acc ack ackdat addr ah all and aoe app appbyte appbytes appletalk arp avgdur avtp base bps broadcast byte bytes cause cfm cid clo closed cmdline con container cwr daddr dappbytes data dbytes dccp ddsb ddur decnet denc depth dflags dhops dintpkt dipid dir djit dload dloss dltime dmac dmatch dmaxsz dmeansz dmpls dmss dname dnamehow downers downerwhy dpid dpkts dploss dport dprog drate drop dsb dst dstime dtcpb dtcpopt dtomac dtos dttl dttlmax dttlmin dur duser dvid dvlan dvpri dwin eapol ece echo ecn egp eigrp encaps ended eq equal esp est ether etherip exe fcoe fin finack flags flgs flowid frag fragonly gre greater gt gte hopopt hops host icmp icmp6 icmpcode icmpmap icmptype icmpv6 id iface igmp igp in inbound inf inner int intpkt ip ip4 ip6 ipcomp ipid ipip ipv4 ipv6 ipv6-icmp ipx isis jit jitter l2tp label lacp less level likely lineage live llc lldp load local loss lt lte ltime mac macsec man mask match maxsz meansz mid midstream mpls mss multicast name namehow net netbios netns normal not ooo or ospf outbound outoforder owner ownerdist ownerlost owners ownersource ownerwhy packets parent pause pcr peer peername peernamehow peernet peers pgm pid pim pkt pkts ploss port portrange ppid pport pppoe pppoed profinet prog program programs proto ptp push rarp rate rdp redirect req reset retrans risk rsp rst rsvp rx saddr sappbytes sbytes sctp sdsb sdur selackok senc seq sflags shops shut sintpkt sipid sjit sload sloss sltime smac smatch smaxsz smeansz smpls smss sname snamehow sni sowners sownerwhy spid spkts sploss sport sprog srate src srcid sstime state status stcpb stcpopt stime stomac stop stos stp sttl sttlmax sttlmin suser svid svlan svpri swin syn synack tcp tcpb tcpopt tcprtt tcptimestamp timeout timexed tomac topwhy tos trans tree ttl ttlmax ttlmin tunnel tx udp udplite uid unreach urg user vid vlan vpri vrrp wait way why win window winshut wscale
function __ratop_command -d 'the command that is typed; top where none is'
    set -l words (commandline -opc)[2..-1]
    while test "$words[1]" = --debug
        set -e words[1]
    end
    if test (count $words) -eq 0
        echo none
    else if contains -- $words[1] $__ratop_commands
        echo $words[1]
    else
        echo top
    end
end
function __ratop_is
    contains -- (__ratop_command) $argv
end
function __ratop_fields -d 'names with commas between; a sign may stand before each'
    set -l head (string match -r '.*[,+-]' -- (commandline -ct))
    for name in $__ratop_field_names
        echo $head$name
    end
end
function __ratop_filter
    if string match -q '@*' -- (commandline -ct)
        ratop filters --names 2>/dev/null
    else
        string join \n $__ratop_filter_words
    end
end
function __ratop_interfaces
    echo any
    path basename /sys/class/net/* 2>/dev/null; or ls /sys/class/net 2>/dev/null
end
complete -c ratop -f
complete -c ratop -n '__ratop_is none' -l version -d 'Show the version and end'
complete -c ratop -n '__ratop_is none' -l debug -d 'Show tracebacks'
complete -c ratop -n '__ratop_is none' -s h -l help -d 'Show this help and end'
complete -c ratop -n '__ratop_is none' -a top -d 'The screen: live flows with their owners (the default)'
complete -c ratop -n '__ratop_is top none' -s i -x -a '(__ratop_interfaces)' -d 'Capture here (repeatable'
complete -c ratop -n '__ratop_is top none' -s r -r -F -d 'Read a pcap or pcapng file, also .gz or .zst (repeatable'
complete -c ratop -n '__ratop_is top none' -l context -r -F -d 'What the host knew when the file was captured: interfaces, routes, ne…'
complete -c ratop -n '__ratop_is top none' -l events -x -a 'auto kernel tracefs diag lsof psutil none' -d 'Who owns sockets: auto (the best there is), kernel, tracefs, diag:1s,…'
complete -c ratop -n '__ratop_is top none' -l inner -d 'Also the flows inside tunnels (GRE, VXLAN, Geneve, GTP-U, IP-in-IP, T…'
complete -c ratop -n '__ratop_is top none' -l promiscuous -d 'Also frames for other machines'
complete -c ratop -n '__ratop_is top none' -l keep-packets -x -d 'Live: keep the newest packets, whole, up to so many bytes (64M), to e…'
complete -c ratop -n '__ratop_is top none' -l view -x -a 'flows programs hosts users risks ports networks interfaces tree rates' -d 'View to begin with: flows, programs, hosts, users, risks, ports, netw…'
complete -c ratop -n '__ratop_is top none' -s s -l fields -x -a '(__ratop_fields)' -d 'Its columns'
complete -c ratop -n '__ratop_is top none' -l sort -x -a '(__ratop_fields)' -d 'Its order, as print sorts'
complete -c ratop -n '__ratop_is top none' -l last -d 'With the filter of the last time'
complete -c ratop -n '__ratop_is top none' -l rate -x -d 'Repaints a second'
complete -c ratop -n '__ratop_is top none' -l speed -x -d 'Play the file, X times as fast as it was recorded'
complete -c ratop -n '__ratop_is top none' -l theme -x -a 'auto dark light ansi none' -d 'Colours: auto, dark, light, ansi, none, or one of the configurations'
complete -c ratop -n '__ratop_is top none' -l ascii -d 'Draw with ASCII alone'
complete -c ratop -n '__ratop_is top none' -l no-mouse -d 'Leave the mouse to the terminal'
complete -c ratop -n '__ratop_is top none' -l no-config -d 'Without the configuration file'
complete -c ratop -n '__ratop_is top none' -l no-state -d 'Without what is remembered, and remember nothing'
complete -c ratop -n '__ratop_is top none' -l or-demo -d 'Where capture is not possible, say why and show the demo'
complete -c ratop -n '__ratop_is top none' -a '(__ratop_filter)'
complete -c ratop -n '__ratop_is none' -a print -d 'Flows as lines (Arguss ra): text, CSV, JSON; or as Parquet'
complete -c ratop -n '__ratop_is print' -s i -x -a '(__ratop_interfaces)' -d 'Capture here (repeatable'
complete -c ratop -n '__ratop_is print' -s r -r -F -d 'Read a pcap or pcapng file, also .gz or .zst (repeatable'
complete -c ratop -n '__ratop_is print' -l context -r -F -d 'What the host knew when the file was captured: interfaces, routes, ne…'
complete -c ratop -n '__ratop_is print' -l events -x -a 'auto kernel tracefs diag lsof psutil none' -d 'Who owns sockets: auto (the best there is), kernel, tracefs, diag:1s,…'
complete -c ratop -n '__ratop_is print' -l inner -d 'Also the flows inside tunnels (GRE, VXLAN, Geneve, GTP-U, IP-in-IP, T…'
complete -c ratop -n '__ratop_is print' -l promiscuous -d 'Also frames for other machines'
complete -c ratop -n '__ratop_is print' -l keep-packets -x -d 'Live: keep the newest packets, whole, up to so many bytes (64M), to e…'
complete -c ratop -n '__ratop_is print' -l format -x -a 'text csv jsonl parquet pcapng' -d 'How rows are written'
complete -c ratop -n '__ratop_is print' -s o -l output -r -F -d 'A new file, readable by you only, instead of standard output'
complete -c ratop -n '__ratop_is print' -s s -x -a '(__ratop_fields)' -d 'Columns: names, or +name, -name, +2name (at place 2), name:20 (cut at…'
complete -c ratop -n '__ratop_is print' -s c -x -d 'Text with this between values instead of columns'
complete -c ratop -n '__ratop_is print' -s n -d 'Ports as numbers, not names'
complete -c ratop -n '__ratop_is print' -s u -d 'Times as seconds since the epoch'
complete -c ratop -n '__ratop_is print' -s p -x -d 'Decimals of times and rates'
complete -c ratop -n '__ratop_is print' -s H -d 'Large numbers as 1.2k, 34M'
complete -c ratop -n '__ratop_is print' -s N -x -d 'At most so many rows'
complete -c ratop -n '__ratop_is print' -l sort -x -a '(__ratop_fields)' -d 'Order: numbers descend, words and addresses ascend'
complete -c ratop -n '__ratop_is print' -s m -l group -x -a '(__ratop_fields)' -d 'One row for all flows that agree in these'
complete -c ratop -n '__ratop_is print' -l view -x -a 'flows programs hosts users risks ports networks interfaces tree rates' -d 'Rows and order of the screens view of this name: flows, programs, hos…'
complete -c ratop -n '__ratop_is print' -l interval -x -d 'Live: time between the records of a flow'
complete -c ratop -n '__ratop_is print' -s L -x -d 'Titles: 0 once, N every N lines, -1 never'
complete -c ratop -n '__ratop_is print' -l no-header -d 'No titles'
complete -c ratop -n '__ratop_is print' -l for-spreadsheets -d 'CSV: no word begins like a formula'
complete -c ratop -n '__ratop_is print' -l summary -d 'Counters on stderr at the end'
complete -c ratop -n '__ratop_is print' -s h -l help -d 'Show this help and end'
complete -c ratop -n '__ratop_is print' -a '(__ratop_filter)'
complete -c ratop -n '__ratop_is none' -a demo -d 'A recording with a story in it'
complete -c ratop -n '__ratop_is demo' -l print -d 'Print its flows instead of playing it on the screen'
complete -c ratop -n '__ratop_is demo' -l speed -x -d 'Recorded seconds a second'
complete -c ratop -n '__ratop_is demo' -s h -l help -d 'Show this help and end'
complete -c ratop -n '__ratop_is demo' -a '(__ratop_filter)'
complete -c ratop -n '__ratop_is none' -a doctor -d 'What ratop may do here, and why not'
complete -c ratop -n '__ratop_is doctor' -l json -d 'One JSON object a check'
complete -c ratop -n '__ratop_is doctor' -l watch -x -d 'Capture for so long and tell how many flows got owners'
complete -c ratop -n '__ratop_is doctor' -s h -l help -d 'Show this help and end'
complete -c ratop -n '__ratop_is none' -a fields -d 'Every field: name, title, kind, width, meaning'
complete -c ratop -n '__ratop_is fields' -l format -x -a 'text jsonl markdown' -d 'How they are listed'
complete -c ratop -n '__ratop_is fields' -s h -l help -d 'Show this help and end'
complete -c ratop -n '__ratop_is fields' -a '(__ratop_fields)'
complete -c ratop -n '__ratop_is none' -a filters -d 'Saved filters: @name, and what it stands for'
complete -c ratop -n '__ratop_is filters' -l names -d 'Only the names'
complete -c ratop -n '__ratop_is filters' -s h -l help -d 'Show this help and end'
complete -c ratop -n '__ratop_is none' -a config -d 'Settings: what is in force, why, and what is wrong'
complete -c ratop -n '__ratop_is config' -l check -d 'Only what is wrong'
complete -c ratop -n '__ratop_is config' -l default -d 'Print the default file, every setting explained'
complete -c ratop -n '__ratop_is config' -l path -d 'Print only where the file is, or would be'
complete -c ratop -n '__ratop_is config' -s h -l help -d 'Show this help and end'
complete -c ratop -n '__ratop_is none' -a completions -d 'Completion for bash, zsh or fish'
complete -c ratop -n '__ratop_is completions' -s h -l help -d 'Show this help and end'
complete -c ratop -n '__ratop_is completions' -a 'bash zsh fish'
complete -c ratop-py -f
complete -c ratop-py -n '__ratop_is none' -l version -d 'Show the version and end'
complete -c ratop-py -n '__ratop_is none' -l debug -d 'Show tracebacks'
complete -c ratop-py -n '__ratop_is none' -s h -l help -d 'Show this help and end'
complete -c ratop-py -n '__ratop_is none' -a top -d 'The screen: live flows with their owners (the default)'
complete -c ratop-py -n '__ratop_is top none' -s i -x -a '(__ratop_interfaces)' -d 'Capture here (repeatable'
complete -c ratop-py -n '__ratop_is top none' -s r -r -F -d 'Read a pcap or pcapng file, also .gz or .zst (repeatable'
complete -c ratop-py -n '__ratop_is top none' -l context -r -F -d 'What the host knew when the file was captured: interfaces, routes, ne…'
complete -c ratop-py -n '__ratop_is top none' -l events -x -a 'auto kernel tracefs diag lsof psutil none' -d 'Who owns sockets: auto (the best there is), kernel, tracefs, diag:1s,…'
complete -c ratop-py -n '__ratop_is top none' -l inner -d 'Also the flows inside tunnels (GRE, VXLAN, Geneve, GTP-U, IP-in-IP, T…'
complete -c ratop-py -n '__ratop_is top none' -l promiscuous -d 'Also frames for other machines'
complete -c ratop-py -n '__ratop_is top none' -l keep-packets -x -d 'Live: keep the newest packets, whole, up to so many bytes (64M), to e…'
complete -c ratop-py -n '__ratop_is top none' -l view -x -a 'flows programs hosts users risks ports networks interfaces tree rates' -d 'View to begin with: flows, programs, hosts, users, risks, ports, netw…'
complete -c ratop-py -n '__ratop_is top none' -s s -l fields -x -a '(__ratop_fields)' -d 'Its columns'
complete -c ratop-py -n '__ratop_is top none' -l sort -x -a '(__ratop_fields)' -d 'Its order, as print sorts'
complete -c ratop-py -n '__ratop_is top none' -l last -d 'With the filter of the last time'
complete -c ratop-py -n '__ratop_is top none' -l rate -x -d 'Repaints a second'
complete -c ratop-py -n '__ratop_is top none' -l speed -x -d 'Play the file, X times as fast as it was recorded'
complete -c ratop-py -n '__ratop_is top none' -l theme -x -a 'auto dark light ansi none' -d 'Colours: auto, dark, light, ansi, none, or one of the configurations'
complete -c ratop-py -n '__ratop_is top none' -l ascii -d 'Draw with ASCII alone'
complete -c ratop-py -n '__ratop_is top none' -l no-mouse -d 'Leave the mouse to the terminal'
complete -c ratop-py -n '__ratop_is top none' -l no-config -d 'Without the configuration file'
complete -c ratop-py -n '__ratop_is top none' -l no-state -d 'Without what is remembered, and remember nothing'
complete -c ratop-py -n '__ratop_is top none' -l or-demo -d 'Where capture is not possible, say why and show the demo'
complete -c ratop-py -n '__ratop_is top none' -a '(__ratop_filter)'
complete -c ratop-py -n '__ratop_is none' -a print -d 'Flows as lines (Arguss ra): text, CSV, JSON; or as Parquet'
complete -c ratop-py -n '__ratop_is print' -s i -x -a '(__ratop_interfaces)' -d 'Capture here (repeatable'
complete -c ratop-py -n '__ratop_is print' -s r -r -F -d 'Read a pcap or pcapng file, also .gz or .zst (repeatable'
complete -c ratop-py -n '__ratop_is print' -l context -r -F -d 'What the host knew when the file was captured: interfaces, routes, ne…'
complete -c ratop-py -n '__ratop_is print' -l events -x -a 'auto kernel tracefs diag lsof psutil none' -d 'Who owns sockets: auto (the best there is), kernel, tracefs, diag:1s,…'
complete -c ratop-py -n '__ratop_is print' -l inner -d 'Also the flows inside tunnels (GRE, VXLAN, Geneve, GTP-U, IP-in-IP, T…'
complete -c ratop-py -n '__ratop_is print' -l promiscuous -d 'Also frames for other machines'
complete -c ratop-py -n '__ratop_is print' -l keep-packets -x -d 'Live: keep the newest packets, whole, up to so many bytes (64M), to e…'
complete -c ratop-py -n '__ratop_is print' -l format -x -a 'text csv jsonl parquet pcapng' -d 'How rows are written'
complete -c ratop-py -n '__ratop_is print' -s o -l output -r -F -d 'A new file, readable by you only, instead of standard output'
complete -c ratop-py -n '__ratop_is print' -s s -x -a '(__ratop_fields)' -d 'Columns: names, or +name, -name, +2name (at place 2), name:20 (cut at…'
complete -c ratop-py -n '__ratop_is print' -s c -x -d 'Text with this between values instead of columns'
complete -c ratop-py -n '__ratop_is print' -s n -d 'Ports as numbers, not names'
complete -c ratop-py -n '__ratop_is print' -s u -d 'Times as seconds since the epoch'
complete -c ratop-py -n '__ratop_is print' -s p -x -d 'Decimals of times and rates'
complete -c ratop-py -n '__ratop_is print' -s H -d 'Large numbers as 1.2k, 34M'
complete -c ratop-py -n '__ratop_is print' -s N -x -d 'At most so many rows'
complete -c ratop-py -n '__ratop_is print' -l sort -x -a '(__ratop_fields)' -d 'Order: numbers descend, words and addresses ascend'
complete -c ratop-py -n '__ratop_is print' -s m -l group -x -a '(__ratop_fields)' -d 'One row for all flows that agree in these'
complete -c ratop-py -n '__ratop_is print' -l view -x -a 'flows programs hosts users risks ports networks interfaces tree rates' -d 'Rows and order of the screens view of this name: flows, programs, hos…'
complete -c ratop-py -n '__ratop_is print' -l interval -x -d 'Live: time between the records of a flow'
complete -c ratop-py -n '__ratop_is print' -s L -x -d 'Titles: 0 once, N every N lines, -1 never'
complete -c ratop-py -n '__ratop_is print' -l no-header -d 'No titles'
complete -c ratop-py -n '__ratop_is print' -l for-spreadsheets -d 'CSV: no word begins like a formula'
complete -c ratop-py -n '__ratop_is print' -l summary -d 'Counters on stderr at the end'
complete -c ratop-py -n '__ratop_is print' -s h -l help -d 'Show this help and end'
complete -c ratop-py -n '__ratop_is print' -a '(__ratop_filter)'
complete -c ratop-py -n '__ratop_is none' -a demo -d 'A recording with a story in it'
complete -c ratop-py -n '__ratop_is demo' -l print -d 'Print its flows instead of playing it on the screen'
complete -c ratop-py -n '__ratop_is demo' -l speed -x -d 'Recorded seconds a second'
complete -c ratop-py -n '__ratop_is demo' -s h -l help -d 'Show this help and end'
complete -c ratop-py -n '__ratop_is demo' -a '(__ratop_filter)'
complete -c ratop-py -n '__ratop_is none' -a doctor -d 'What ratop may do here, and why not'
complete -c ratop-py -n '__ratop_is doctor' -l json -d 'One JSON object a check'
complete -c ratop-py -n '__ratop_is doctor' -l watch -x -d 'Capture for so long and tell how many flows got owners'
complete -c ratop-py -n '__ratop_is doctor' -s h -l help -d 'Show this help and end'
complete -c ratop-py -n '__ratop_is none' -a fields -d 'Every field: name, title, kind, width, meaning'
complete -c ratop-py -n '__ratop_is fields' -l format -x -a 'text jsonl markdown' -d 'How they are listed'
complete -c ratop-py -n '__ratop_is fields' -s h -l help -d 'Show this help and end'
complete -c ratop-py -n '__ratop_is fields' -a '(__ratop_fields)'
complete -c ratop-py -n '__ratop_is none' -a filters -d 'Saved filters: @name, and what it stands for'
complete -c ratop-py -n '__ratop_is filters' -l names -d 'Only the names'
complete -c ratop-py -n '__ratop_is filters' -s h -l help -d 'Show this help and end'
complete -c ratop-py -n '__ratop_is none' -a config -d 'Settings: what is in force, why, and what is wrong'
complete -c ratop-py -n '__ratop_is config' -l check -d 'Only what is wrong'
complete -c ratop-py -n '__ratop_is config' -l default -d 'Print the default file, every setting explained'
complete -c ratop-py -n '__ratop_is config' -l path -d 'Print only where the file is, or would be'
complete -c ratop-py -n '__ratop_is config' -s h -l help -d 'Show this help and end'
complete -c ratop-py -n '__ratop_is none' -a completions -d 'Completion for bash, zsh or fish'
complete -c ratop-py -n '__ratop_is completions' -s h -l help -d 'Show this help and end'
complete -c ratop-py -n '__ratop_is completions' -a 'bash zsh fish'
