using System.CommandLine;
using AmsMigration.Assets;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Worker;

/// <summary><c>list SOURCE</c>: what the assets are, without converting.</summary>
internal static class ListCommand
{
    /// <summary>Assets that are looked at beside each other: storage takes longer to answer than to look at what it gives.</summary>
    private const int AtOnce = 8;

    private static readonly Argument<string> Source = new("SOURCE") { Description = "An asset's folder, a folder of assets, or a media file; or the address of a container or of a storage account." };

    public static Command Create()
    {
        var command = new Command("list", "Name each asset's format, tracks and faults.") { Source };
        Rules.NeedText(Source);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        try
        {
            int exitCode = ExitCode.Success;
            var running = new Queue<(IAssetStore Store, Task<AmsAsset> Asset)>();
            foreach (IAssetStore store in await Locations.SourcesAsync(arguments.GetRequiredValue(Source), cancellation))
            {
                if (running.Count == AtOnce)
                {
                    exitCode |= await TellAsync(running.Dequeue(), cancellation);
                }

                running.Enqueue((store, Task.Run(() => AssetCatalog.DescribeAsync(store, cancellation), cancellation)));
            }

            while (running.Count > 0)
            {
                exitCode |= await TellAsync(running.Dequeue(), cancellation);
            }

            return exitCode;
        }
        catch (Exception e) when (UsageException.Is(e))
        {
            await Console.Error.WriteLineAsync(OptionNames.Reword(e.Message));
            return ExitCode.Usage;
        }
    }

    private static async Task<int> TellAsync((IAssetStore Store, Task<AmsAsset> Asset) looked, CancellationToken cancellation)
    {
        try
        {
            Report.Asset(await looked.Asset);
            return ExitCode.Success;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            Report.Failure(looked.Store, e);
            return ExitCode.Failure;
        }
    }
}
