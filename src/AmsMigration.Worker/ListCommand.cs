using System.CommandLine;
using AmsMigration.Assets;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Worker;

/// <summary><c>list SOURCE</c>: what the assets are, without converting.</summary>
internal static class ListCommand
{
    private static readonly Argument<string> Source = new("SOURCE") { Description = "An asset's folder, a folder of assets, or a media file; or the address of a container or of a storage account." };

    public static Command Create()
    {
        var command = new Command("list", "Name each asset's format, tracks and faults.") { Source };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        try
        {
            int exitCode = ExitCode.Success;
            foreach (IAssetStore store in await Locations.SourcesAsync(arguments.GetRequiredValue(Source), cancellation))
            {
                try
                {
                    Report.Asset(await AssetCatalog.DescribeAsync(store, cancellation));
                }
                catch (PackagingException e)
                {
                    Report.Failure(store, e);
                    exitCode = ExitCode.Failure;
                }
            }

            return exitCode;
        }
        catch (Exception e) when (e is UsageException or PackagingException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Usage;
        }
    }
}
