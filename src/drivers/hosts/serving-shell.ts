/**
 * A shell of the SSH user's that stays and takes commands, as the helper's `serve` takes verbs: a line `LINES COMMAND`, and so many
 * lines more, which are the command's stdin. The answer is what the command prints, then a record separator, its exit code,
 * and the last line that it said on stderr. What sshd would hand to a shell for each command is evaluated here.
 */
export const SERVING_SHELL = [
  'sh',
  '-c',
  `newline='
'
end_of_answer=$(printf '\\036')
exec 3>&1
while read -r lines command; do
  input=
  while [ "$lines" -gt 0 ]; do
    IFS= read -r line || exit 0
    input=$input$line$newline
    lines=$((lines - 1))
  done
  said=$(printf '%s' "$input" | eval "$command" 2>&1 >&3)
  code=$?
  printf '%s%s %s\\n' "$end_of_answer" "$code" "\${said##*"$newline"}"
done`,
] as const;
