# bash completion for conformance, for bash 3.2 and newer; it needs no further package.

_conformance()
{
    local kind reply
    COMPREPLY=()
    {
        IFS= read -r kind
        case $kind in
        dirs | files*) _conformance_paths "$kind" ;;
        *)
            if [[ $kind == open ]]; then
                compopt -o nospace 2>/dev/null
            fi
            while IFS= read -r reply; do
                COMPREPLY+=("$reply")
            done
            ;;
        esac
    } < <("$1" __bash -- "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
}

# _conformance_paths reads how a path begins, and the part of it that readline leaves alone.
_conformance_paths()
{
    local path kept name
    IFS= read -r path
    IFS= read -r kept
    while IFS= read -r name; do
        if [[ -d $name || $1 == files* && $name =~ \.(${1#files })$ ]]; then
            COMPREPLY+=("${name#"$kept"}")
        fi
    done < <(compgen -f -- "$path")
    compopt -o filenames 2>/dev/null
}

complete -F _conformance conformance
