using System.CommandLine;
using AmsMigration.Assets;
using AmsMigration.Packaging.Storage;
using AmsMigration.Verification;

namespace AmsMigration.Worker;

/// <summary><c>test OUTPUT [--source SOURCE]</c>: is an output sound, and has it every sample?</summary>
internal static class TestCommand
{
    private static readonly Argument<string> Output = new("OUTPUT") { Description = "The folder that a conversion wrote." };

    private static readonly Option<string?> Source = new("--source") { Description = "The asset that it was made from: every sample is compared." };

    public static Command Create()
    {
        var command = new Command("test", "Check an output.") { Output, Source };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        string output = Path.GetFullPath(arguments.GetRequiredValue(Output));
        if (!Directory.Exists(output))
        {
            await Console.Error.WriteLineAsync($"There is no folder '{output}'.");
            return ExitCode.Usage;
        }

        try
        {
            IAssetStore? source = arguments.GetValue(Source) is string path ? Locations.Sources(path).Single() : null;
            AmsVerificationResult result = await OutputCheck.RunAsync(new LocalAssetStore(output), source, cancellation);
            Report.Verification(result);
            return result.IsValid ? ExitCode.Success : ExitCode.Failure;
        }
        catch (UsageException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Usage;
        }
    }
}
