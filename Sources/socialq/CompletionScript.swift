/// A shell that completes command lines, and what it needs to do so with `Completion`.
enum CompletionScript: String, CaseIterable {
  case bash, zsh, fish

  /// The word that begins a request of a script: the shell, and the words typed so far, follow it.
  static let request = "---complete"

  /// What the shell is to be given to read.
  var text: String {
    switch self {
    case .bash:
      """
      # Completion of socialq for bash.
      _socialq() {
        local IFS=$'\\n' line word current=${COMP_WORDS[COMP_CWORD]}
        COMPREPLY=()
        while read -r line; do
          case $line in
            :files) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current")) ;;
            :folders) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$current")) ;;
            *)
              word=${line%%$'\\t'*}
              case $current in
                \\"* | \\'*) COMPREPLY+=("$word") ;;
                *) word=$(printf %q "$word"); COMPREPLY+=("${word//\\\\,/,}") ;;
              esac ;;
          esac
        done < <("${COMP_WORDS[0]/#\\~/$HOME}" \(Self.request) bash "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
      }
      complete -F _socialq socialq

      """
    case .zsh:
      """
      #compdef socialq
      # Completion of socialq for zsh.
      _socialq() {
        local line word
        local -a lines words_and_meanings
        lines=("${(@f)$(${~words[1]} \(Self.request) zsh "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
        case $lines[1] in
          :files) _files; return ;;
          :folders) _files -/; return ;;
        esac
        for line in $lines; do
          word=${line%%$'\\t'*}
          words_and_meanings+=("${word//:/\\\\:}:${line#*$'\\t'}")
        done
        _describe 'socialq' words_and_meanings
      }
      if [ "$funcstack[1]" = _socialq ]; then _socialq "$@"; else compdef _socialq socialq; fi

      """
    case .fish:
      """
      # Completion of socialq for fish.
      function __socialq_complete
          set -l words (commandline -opc)
          set -l token (commandline -ct)
          set -l lines ($words[1] \(Self.request) fish $words[2..-1] "$token" 2>/dev/null)
          switch "$lines[1]"
              case :files
                  __fish_complete_path "$token"
              case :folders
                  __fish_complete_directories "$token"
              case '*'
                  printf '%s\\n' $lines
          end
      end
      complete -c socialq -f -a '(__socialq_complete)'

      """
    }
  }

  /// What is to be printed for a script that asks what may come next.
  func reply(to typed: [String]) throws -> String {
    let words = self == .bash ? Self.wholeWords(typed) : typed
    switch try Completion(words).answer {
    case .files: return ":files\n"
    case .folders: return ":folders\n"
    case .words(let candidates):
      let last = words.last ?? ""
      return candidates.map { candidate in
        var word = candidate.word
        // To bash what follows '=' is a word of its own.
        if self == .bash, last.hasPrefix("--"), let equals = last.firstIndex(of: "=") {
          word = String(word.dropFirst(last.distance(from: last.startIndex, to: equals) + 1))
        }
        return candidate.meaning.isEmpty && self != .zsh
          ? "\(word)\n" : "\(word)\t\(candidate.meaning)\n"
      }.joined()
    }
  }

  /// The words as the program would get them: bash breaks them at `=` and leaves quotes and backslashes.
  private static func wholeWords(_ typed: [String]) -> [String] {
    var words: [String] = []
    var joins = false
    for word in typed {
      var plain = word.filter { $0 != "\\" }
      if let quote = plain.first, quote == "\"" || quote == "'" {
        plain.removeFirst()
        if plain.last == quote { plain.removeLast() }
      }
      if joins || plain == "=", let last = words.last, last.hasPrefix("--") {
        words[words.count - 1] = last + plain
        joins = plain == "="
      } else {
        words.append(plain)
        joins = false
      }
    }
    return words
  }
}
