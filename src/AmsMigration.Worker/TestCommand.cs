using System.CommandLine;
using AmsMigration.Assets;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;
using AmsMigration.Verification;

namespace AmsMigration.Worker;

/// <summary><c>test OUTPUT [--source SOURCE] [--content-key KEYID:KEY]</c>: is an output sound, and has it every sample?</summary>
internal static class TestCommand
{
    private static readonly Argument<string> Output = new("OUTPUT") { Description = "The folder, or the address in a container, that a conversion wrote." };

    private static readonly Option<string?> Source = new("--source") { Description = "The asset that it was made from: every sample is compared." };

    private static readonly Option<string[]> ContentKeys = new("--content-key") { Description = "KEYID:KEY (hexadecimal) of an encrypted output, or of an encrypted source." };

    public static Command Create()
    {
        var command = new Command("test", "Check an output.") { Output, Source, ContentKeys };
        Rules.NeedText(Output, Source);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        try
        {
            IAssetStore? source = arguments.GetValue(Source) is string path ? await Locations.SourceAsync(path, cancellation) : null;
            IReadOnlyList<ContentKey> keys = ContentKeyArguments.Parse(arguments.GetValue(ContentKeys) ?? []);
            AmsVerificationResult result = await OutputCheck.RunAsync(Locations.Output(arguments.GetRequiredValue(Output)), source, cancellation, keys);
            Report.Verification(result);
            return result.IsValid ? ExitCode.Success : ExitCode.Failure;
        }
        catch (Exception e) when (UsageException.Is(e))
        {
            await Console.Error.WriteLineAsync(OptionNames.Reword(e.Message));
            return ExitCode.Usage;
        }
    }
}
