using System.Globalization;
using System.Text;
using AmsMigration.Metadata;
using AmsMigration.Runs;

namespace AmsMigration.Infrastructure.Metadata.Formats;

/// <summary>Tables for spreadsheets and Import-Csv (RFC 4180, UTF-8 with a byte order mark, which spreadsheets want).</summary>
internal static class CsvFormat
{
    public static async Task WriteAsync(ExportFolder folder, CancellationToken cancellation)
    {
        var assets = new Table("AssetName", "AssetId", "AlternateId", "Description", "StorageAccountName", "ContainerName", "Created", "LastModified", "IsStorageEncrypted",
            "Locators", "StreamingUrls", "Filters", "Tracks", "Jobs", "MadeFrom", "Version2Id", "Problems", "Location");
        var locators = new Table("AssetName", "Name", "LocatorId", "StreamingPolicyName", "ContentKeyPolicyName", "Protection", "Filters", "StartTime", "EndTime", "KeyIds");
        var urls = new Table("AssetName", "LocatorId", "StreamingEndpoint", "Protocol", "Encryption", "Url");
        var problems = new Table("AssetName", "Resource", "Code", "Message");
        await foreach (AssetFile file in ExportFormats.ReadAssetsAsync(folder, cancellation).ConfigureAwait(false))
        {
            AmsAssetMetadata asset = file.Metadata;
            assets.Add(asset.AssetName, asset.AssetId, asset.AlternateId, asset.Description, asset.StorageAccountName, asset.ContainerName, Text(asset.Created),
                Text(asset.LastModified), asset.IsStorageEncrypted ? "True" : "False", Text(asset.Locators.Length), Text(asset.StreamingUrls.Length), Join(asset.Filters),
                Join(asset.Tracks.Select(track => track.Name)), Join(asset.Jobs), Join(asset.MadeFrom), asset.Version2?.AssetId, Text(asset.Problems.Length), asset.Location);
            foreach (AmsStreamingLocator locator in asset.Locators)
            {
                locators.Add(asset.AssetName, locator.Name, locator.LocatorId, locator.StreamingPolicyName, locator.ContentKeyPolicyName, Join(locator.Protection),
                    Join(locator.Filters), Text(locator.StartTime), Text(locator.EndTime), Join(locator.ContentKeys.Select(key => key.KeyId)));
            }

            foreach (AmsStreamingUrl url in asset.StreamingUrls)
            {
                urls.Add(asset.AssetName, url.LocatorId, url.StreamingEndpoint, url.Protocol, url.Encryption, url.Url);
            }

            foreach (AmsExportProblem problem in asset.Problems)
            {
                problems.Add(asset.AssetName, problem.Resource, problem.Code, problem.Message);
            }
        }

        await folder.WriteAsync("assets.csv", assets.ToBytes(), cancellation).ConfigureAwait(false);
        await folder.WriteAsync("streamingLocators.csv", locators.ToBytes(), cancellation).ConfigureAwait(false);
        await folder.WriteAsync("streamingUrls.csv", urls.ToBytes(), cancellation).ConfigureAwait(false);
        await folder.WriteAsync("problems.csv", problems.ToBytes(), cancellation).ConfigureAwait(false);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Text(DateTimeOffset? date) => date?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string Join(IEnumerable<string> values) => string.Join(";", values);

    private sealed class Table
    {
        private readonly StringBuilder _text = new();

        public Table(params string[] columns) => Add(columns);

        public void Add(params string?[] fields) => _text.Append(CsvText.Line(fields));

        public byte[] ToBytes() => [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(_text.ToString())];
    }
}
