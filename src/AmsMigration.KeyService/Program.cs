using System.CommandLine;
using AmsMigration.KeyService;

ParseResult command = KeyServiceCommand.Create().Parse(args);
int exitCode = await command.InvokeAsync(KeyServiceCommand.Invocation);
return command.Errors.Count > 0 ? KeyServiceCommand.Usage : exitCode;
