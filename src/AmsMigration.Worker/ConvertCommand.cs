using System.CommandLine;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Worker;

/// <summary><c>convert SOURCE DESTINATION</c>.</summary>
internal static class ConvertCommand
{
    private static readonly Argument<string> Source = new("SOURCE")
    {
        Description = "An asset's folder, a folder of assets, a server manifest (.ism) or a media file.",
    };

    private static readonly Argument<string> Destination = new("DESTINATION")
    {
        Description = "The output folder; made when it is not there.",
    };

    private static readonly Option<double> SegmentDuration = new("--segment-duration")
    {
        Description = "Wanted length of a segment in seconds.",
        DefaultValueFactory = _ => 6,
    };

    private static readonly Option<OutputLayout> Layout = new("--layout") { Description = "SingleFile (byte ranges) or Segmented (one file a segment)." };

    private static readonly Option<string?> ManifestName = new("--manifest-name") { Description = "Name of the manifests without extension." };

    private static readonly Option<string?> Template = new("--path-template")
    {
        Description = $"Where in the destination an asset goes, e.g. video/{{AssetName}}. Tokens: {string.Join(", ", PathTemplate.Tokens)}. "
            + "Without it a single asset goes to the destination itself and each of several to a folder of its name.",
    };

    private static readonly Option<bool> CopyNonStreamable = new("--copy-non-streamable") { Description = "Copy files that no presentation uses, too." };

    private static readonly Option<bool> PlayerPage = new("--player-page") { Description = "Write an index.html that plays the output." };

    private static readonly Option<bool> Force = new("--force") { Description = "Convert again and overwrite what is there." };

    private static readonly Option<bool> WhatIf = new("--what-if") { Description = "List the files that would be written, with their sizes, and write nothing." };

    public static Command Create()
    {
        SegmentDuration.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0.1 and <= 3600))
            {
                result.AddError("--segment-duration takes seconds from 0.1 to 3600.");
            }
        });
        var command = new Command("convert", "Convert one asset or a folder of assets.")
        {
            Source, Destination, SegmentDuration, Layout, ManifestName, Template, CopyNonStreamable, PlayerPage, Force, WhatIf,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        IReadOnlyList<IAssetStore> sources;
        ConversionOptions options;
        try
        {
            sources = Locations.Sources(arguments.GetRequiredValue(Source));
            options = ReadOptions(arguments, sources.Count);
        }
        catch (Exception e) when (e is UsageException or FormatException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Usage;
        }

        IDestination destination = Locations.Destination(arguments.GetRequiredValue(Destination));
        bool allWell = true;
        foreach (IAssetStore store in sources)
        {
            AmsAsset asset = await AssetCatalog.DescribeAsync(store, cancellation);
            if (arguments.GetValue(WhatIf))
            {
                Report.Plan(await ConversionPlan.CreateAsync(asset, destination, options, cancellation));
                continue;
            }

            using var progress = new TerminalProgress();
            AmsConversionResult result = await AssetConverter.ConvertAsync(asset, destination, options, progress, cancellation);
            progress.Clear();
            Report.Result(result);
            allWell &= result.Status != AmsConversionStatus.Failed;
        }

        return allWell ? ExitCode.Success : ExitCode.Failure;
    }

    private static ConversionOptions ReadOptions(ParseResult arguments, int assets) => new()
    {
        Packaging = new PackagingOptions
        {
            SegmentDuration = TimeSpan.FromSeconds(arguments.GetValue(SegmentDuration)),
            Layout = arguments.GetValue(Layout),
            ManifestName = arguments.GetValue(ManifestName),
        },
        PathTemplate = arguments.GetValue(Template) switch
        {
            string template => PathTemplate.Parse(template),
            null when assets == 1 => PathTemplate.None,
            null => PathTemplate.Default,
        },
        CopyNonStreamable = arguments.GetValue(CopyNonStreamable),
        PlayerPage = arguments.GetValue(PlayerPage),
        Force = arguments.GetValue(Force),
    };
}
