using System.CommandLine;
using AmsMigration.Worker;

RootCommand root = new("Converts Azure Media Services assets to static CMAF, HLS and DASH.");
root.Subcommands.Add(ConvertCommand.Create());
root.Subcommands.Add(ListCommand.Create());
root.Subcommands.Add(TestCommand.Create());
OptionNames.Know(root);

// Ctrl+C is answered by joining what runs, which may have to remove partial files; a second Ctrl+C still ends the process.
ParseResult command = root.Parse(args);
if (command.Errors.Count > 0)
{
    await command.InvokeAsync();
    return ExitCode.Usage;
}

try
{
    return await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30), EnableDefaultExceptionHandler = false });
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Cancelled.");
    return ExitCode.Cancelled;
}
