import { EXIT_CODE } from '../exit-code.ts';
import type { Terminal } from '../output/terminal.ts';
import { COMMAND_WORDS, type CommandWords } from './command-words.ts';

const SHELLS: Readonly<Record<string, (words: CommandWords) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** `sluice completion bash|zsh|fish`: a script that the shell reads at its start. */
export function completionCommand(shell: string, terminal: Terminal): number {
  const script = SHELLS[shell];
  if (script === undefined) {
    terminal.error(`sluice: completion knows ${Object.keys(SHELLS).join(', ')}, not "${shell}"\n`);
    return EXIT_CODE.usage;
  }
  terminal.out(script(COMMAND_WORDS));
  return EXIT_CODE.ok;
}

function bashScript(words: CommandWords): string {
  const cases = Object.entries(words).map(
    ([command, after]) => `    ${command}) words="${after.join(' ')}" ;;`,
  );
  return `# source <(sluice completion bash)
_sluice() {
  local words="" current="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${Object.keys(words).join(' ')}"
  else
    case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}
complete -o filenames -F _sluice sluice
`;
}

function zshScript(words: CommandWords): string {
  const cases = Object.entries(words).map(
    ([command, after]) => `    ${command}) compadd -- ${after.join(' ')} ;;`,
  );
  return `#compdef sluice
# source <(sluice completion zsh)
_sluice() {
  if (( CURRENT == 2 )); then
    compadd -- ${Object.keys(words).join(' ')}
    return
  fi
  case "\${words[2]}" in
${cases.join('\n')}
  esac
  _files
}
compdef _sluice sluice
`;
}

function fishScript(words: CommandWords): string {
  const commands = Object.keys(words).join(' ');
  const lines = Object.entries(words)
    .filter(([, after]) => after.length > 0)
    .map(
      ([command, after]) =>
        `complete -c sluice -n '__fish_seen_subcommand_from ${command}' -a '${after.join(' ')}'`,
    );
  return `# sluice completion fish | source
complete -c sluice -n __fish_use_subcommand -a '${commands}'
${lines.join('\n')}
`;
}
