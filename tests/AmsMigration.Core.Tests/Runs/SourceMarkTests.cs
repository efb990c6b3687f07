using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;
using AmsMigration.TestSupport;

namespace AmsMigration.Core.Tests.Runs;

public sealed class SourceMarkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-marks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Completed", "mp4", AmsMigrationStatus.Completed)]
    [InlineData("completed", null, AmsMigrationStatus.Completed)]
    [InlineData("Failed", "mp4", AmsMigrationStatus.Failed)]
    [InlineData("7", "mp4", AmsMigrationStatus.NotMigrated)]
    [InlineData(null, "mp4", AmsMigrationStatus.NotMigrated)]
    [InlineData("Completed", "dmt_generated", AmsMigrationStatus.Output)]
    public async Task What_AMSMigrate_wrote_is_understood(string? result, string? type, AmsMigrationStatus expected)
    {
        var store = new MarkedStore();
        store.Set("migrateresult", result);
        store.Set("AssetType", type);

        Assert.Equal(expected, (await AssetCatalog.DescribeAsync(store, default)).MigrationStatus);
    }

    [Fact]
    public async Task What_was_migrated_elsewhere_is_skipped_and_force_converts_it()
    {
        var store = new MarkedStore();
        store.Set("MigrateResult", "Completed");
        store.Set("OutputPath", "https://other.blob.core.windows.net/out/");

        AmsConversionResult skipped = await ConvertAsync(store, new ConversionOptions());

        Assert.Equal(AmsConversionStatus.Skipped, skipped.Status);
        Assert.Contains("https://other.blob.core.windows.net/out/", skipped.Warnings[^1]);
        Assert.Equal(AmsConversionStatus.Completed, (await ConvertAsync(store, new ConversionOptions { Force = true })).Status);
    }

    [Fact]
    public async Task A_container_that_is_an_output_is_skipped()
    {
        var store = new MarkedStore();
        store.Set("AssetType", "dmt_generated");

        Assert.Equal(AmsConversionStatus.Skipped, (await ConvertAsync(store, new ConversionOptions())).Status);
    }

    [Fact]
    public async Task Known_problem_12_nothing_is_marked_unless_it_is_asked_for()
    {
        var store = new MarkedStore();

        await ConvertAsync(store, new ConversionOptions());

        Assert.Equal(["Other"], store.Names);
    }

    [Fact]
    public async Task A_mark_says_what_AMSMigrate_would_say_and_the_next_run_goes_on_with_it()
    {
        var store = new MarkedStore();

        await ConvertAsync(store, new ConversionOptions { MarkSource = true });

        Assert.Equal(["AssetType", "ManifestName", "MigrateResult", "Other", "OutputPath"], store.Names);
        Assert.Equal(("mp4", "clip", "Completed"), (store["AssetType"], store["ManifestName"], store["MigrateResult"]));
        Assert.EndsWith("/out/mbr-mp4/", store["OutputPath"]);
        Assert.All(store["OutputPath"], c => Assert.InRange(c, ' ', '~'));
        AmsConversionResult second = await ConvertAsync(store, new ConversionOptions());
        Assert.Equal("The output is there and complete; -Force converts it again.", second.Warnings[^1]);
    }

    [Fact]
    public async Task A_failure_is_marked_and_a_mark_that_cannot_be_written_is_a_warning()
    {
        var store = new MarkedStore();
        var failing = new ProbedDestination(new LocalDestination(Path.Combine(_folder, "out")), (what, path) => what == "write"
            ? Task.FromException(new PackagingException("OutputFull", "no", path))
            : Task.CompletedTask);
        await ConvertAsync(store, new ConversionOptions { MarkSource = true }, failing);
        Assert.Equal("Failed", store["MigrateResult"]);

        store.IsReadOnly = true;
        AmsConversionResult result = await ConvertAsync(store, new ConversionOptions { MarkSource = true });

        Assert.Equal(AmsConversionStatus.Completed, result.Status);
        Assert.Contains("could not be marked", result.Warnings[^1]);
    }

    [Fact]
    public async Task Clearing_takes_our_names_away_and_leaves_others_and_outputs()
    {
        var store = new MarkedStore();
        await ConvertAsync(store, new ConversionOptions { MarkSource = true });

        Assert.True(await SourceMark.ClearAsync(store, default));
        Assert.False(await SourceMark.ClearAsync(store, default));
        Assert.Equal(["Other"], store.Names);
        store.Set("AssetType", "dmt_generated");
        Assert.False(await SourceMark.ClearAsync(store, default));
        Assert.False(await SourceMark.ClearAsync(new LocalAssetStore(_folder), default));
    }

    [Theory]
    [InlineData(AmsStatusCategory.Failed, false, false)]
    [InlineData(AmsStatusCategory.All, false, true)]
    public async Task A_reset_is_needed_where_there_is_something_to_forget(AmsStatusCategory category, bool includesSource, bool expected)
    {
        var store = new MarkedStore();
        await ConvertAsync(store, new ConversionOptions { MarkSource = true });
        var destination = new LocalDestination(Path.Combine(_folder, "out"));

        StatusReset reset = await StatusReset.PrepareAsync(
            await AssetCatalog.DescribeAsync(store, default), destination, PathTemplate.Default, includesSource, default);

        Assert.Equal(expected, reset.IsNeeded(category));
        Assert.Equal((AmsOutputStatus.Completed, AmsMigrationStatus.Completed), (reset.Found.OutputStatus, reset.Found.SourceStatus));
    }

    [Fact]
    public async Task A_reset_of_the_mark_alone_needs_no_destination()
    {
        var store = new MarkedStore();
        await ConvertAsync(store, new ConversionOptions { MarkSource = true });
        StatusReset reset = await StatusReset.PrepareAsync(await AssetCatalog.DescribeAsync(store, default), null, PathTemplate.Default, true, default);

        Assert.True(reset.IsNeeded(AmsStatusCategory.All));
        await reset.ClearAsync(false, default);

        Assert.Equal(["Other"], store.Names);
    }

    private async Task<AmsConversionResult> ConvertAsync(IAssetStore store, ConversionOptions options, IDestination? destination = null) =>
        await AssetConverter.ConvertAsync(
            await AssetCatalog.DescribeAsync(store, default), destination ?? new LocalDestination(Path.Combine(_folder, "out")), options, null, default);

    /// <summary>The fixture's files, and metadata as a container has it.</summary>
    private sealed class MarkedStore : IAssetStore, IMetadataStore
    {
        private readonly LocalAssetStore _files = new(Path.Combine(Repository.Root, "tests", "fixtures", "assets", "mbr-mp4"));
        private readonly SortedDictionary<string, string> _metadata = new(StringComparer.OrdinalIgnoreCase) { ["Other"] = "value" };

        public bool IsReadOnly { get; set; }

        public string Name => _files.Name;

        public string Location => _files.Location;

        public IEnumerable<string> Names => _metadata.Keys;

        public string this[string name] => _metadata[name];

        public void Set(string name, string? value)
        {
            if (value is not null)
            {
                _metadata[name] = value;
            }
        }

        public Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation) => _files.ListAsync(cancellation);

        public Task<IByteSource> OpenAsync(string path, CancellationToken cancellation) => _files.OpenAsync(path, cancellation);

        public Task<IReadOnlyDictionary<string, string>> GetMetadataAsync(CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>(_metadata));

        public Task SetMetadataAsync(IReadOnlyDictionary<string, string?> changes, CancellationToken cancellation)
        {
            if (IsReadOnly)
            {
                throw new PackagingException("OutputUnwritable", "403");
            }

            foreach ((string name, string? value) in changes)
            {
                if (value is null)
                {
                    _metadata.Remove(name);
                }

                Set(name, value);
            }

            return Task.CompletedTask;
        }
    }
}
