using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.Storage;

public sealed class StorageLocalOutputTests : OutputStoreContract, IDisposable
{
    private readonly StorageFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override IOutputStore Open() => new LocalOutputStore(_folder.Full("contract/output"));

    protected override Task<IReadOnlyList<string>> ListAsync() => Task.FromResult<IReadOnlyList<string>>(
        [.. _folder.Entries.Where(entry => !entry.EndsWith('/')).Select(entry => entry["contract/output/".Length..])]);

    [Fact]
    public async Task Folders_that_were_there_stay()
    {
        Directory.CreateDirectory(_folder.Full("output/video"));
        var store = new LocalOutputStore(_folder.Full("output"));

        (await store.CreateAsync("video/a.mp4", 5, "video/mp4", null, CancellationToken.None)).Dispose();
        await store.DeleteAsync("video/never.mp4", CancellationToken.None);
        await store.DeleteAsync("audio/never.mp4", CancellationToken.None);

        Assert.Equal(["output/", "output/video/"], _folder.Entries);
    }

    [Fact]
    public async Task A_file_that_is_deleted_takes_the_folders_made_for_it_along()
    {
        var store = new LocalOutputStore(_folder.Full("output"));
        await WriteAsync(store, "video/a.mp4", [1]);
        await WriteAsync(store, "b.mp4", [1]);

        await store.DeleteAsync("video/a.mp4", CancellationToken.None);

        Assert.Equal(["output/", "output/b.mp4"], _folder.Entries);
    }

    [Fact]
    public async Task What_does_not_fit_on_the_disk_is_told_before_anything_is_written()
    {
        long tooMuch = new DriveInfo(_folder.Root).AvailableFreeSpace + (1L << 40);
        var store = new LocalOutputStore(_folder.Full("output"));

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => store.CreateAsync("a.mp4", tooMuch, "video/mp4", null, CancellationToken.None));

        Assert.Equal(("OutputFull", "a.mp4"), (e.Code, e.File));
        Assert.Contains(tooMuch.ToString("N0", System.Globalization.CultureInfo.InvariantCulture), e.Message);
        Assert.Empty(_folder.Entries);
    }

    [Fact]
    public void Every_way_a_system_says_that_the_disk_is_full_is_understood()
    {
        foreach (int code in new[] { unchecked((int)0x80070070), unchecked((int)0x80070027), 28, 122, 27 })
        {
            Assert.Equal("OutputFull", LocalOutputStore.Explain(new IOException("full", code), "a.mp4", 1_000_000).Code);
        }

        Assert.Equal("OutputUnwritable", LocalOutputStore.Explain(new IOException("broken", 5), "a.mp4", 1_000_000).Code);
    }

    [Fact]
    public async Task A_path_that_is_too_long_is_told_as_such_and_holds_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows says of such a name that it is wrong.");
        var store = new LocalOutputStore(_folder.Full(new string('a', 300)));

        Assert.Null(await store.ReadAsync("_static.json", 1000, CancellationToken.None));
        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => store.CreateAsync("a.mp4", 1, "video/mp4", null, CancellationToken.None));

        Assert.Equal(("OutputPathTooLong", "a.mp4"), (e.Code, e.File));
        Assert.Empty(_folder.Entries);
    }

    [Fact]
    public async Task A_target_that_is_a_folder_is_told_and_nothing_is_left()
    {
        Directory.CreateDirectory(_folder.Full("a.mp4"));
        var store = new LocalOutputStore(_folder.Root);

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => WriteAsync(store, "a.mp4", [1]));

        Assert.Equal(("OutputUnwritable", "a.mp4"), (e.Code, e.File));
        Assert.Equal(["a.mp4/"], _folder.Entries);
    }

    [Fact]
    public async Task A_file_where_a_folder_is_needed_is_told()
    {
        var store = new LocalOutputStore(_folder.With("video", 1).Root);

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => store.CreateAsync("video/deep/a.mp4", 1, "", null, CancellationToken.None));

        Assert.Equal("OutputUnwritable", e.Code);
        Assert.Equal(["video"], _folder.Entries);
    }

    [Fact]
    public async Task A_folder_that_may_not_be_written_to_is_told()
    {
        _folder.WithLocked("locked", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var store = new LocalOutputStore(_folder.Full("locked"));

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => store.CreateAsync("a/b.mp4", 1, "", null, CancellationToken.None));

        Assert.Equal("OutputUnwritable", e.Code);
    }

    [Theory]
    [InlineData(250, 'a')]
    [InlineData(80, 'ü')]
    [InlineData(80, '字')]
    public async Task Long_names_are_no_trouble(int length, char letter)
    {
        var store = new LocalOutputStore(_folder.Root);
        string name = new string(letter, length) + ".mp4";

        await WriteAsync(store, name, [1]);

        Assert.Equal([name], _folder.Entries);
    }

    [Fact]
    public async Task Long_paths_are_no_trouble()
    {
        var store = new LocalOutputStore(_folder.Root);
        string path = string.Join('/', Enumerable.Repeat(new string('f', 60), 12)) + "/a.mp4";

        await WriteAsync(store, path, [1]);
        Assert.Equal(1, (await store.GetLengthsAsync([path], CancellationToken.None))[path]);
        await store.DeleteAsync(path, CancellationToken.None);

        Assert.Empty(_folder.Entries);
    }

    [Fact]
    public void Threads_that_make_and_remove_the_same_folder_do_not_hinder_each_other()
    {
        var stores = Enumerable.Range(0, 2).Select(_ => new LocalOutputStore(_folder.Full("output"))).ToList();

        Parallel.For(0, 400, i =>
        {
            using IOutputFile file = stores[i % 2].CreateAsync($"video/{i % 3}/{i}.mp4", 1, "", null, CancellationToken.None).GetAwaiter().GetResult();
        });

        Assert.DoesNotContain(_folder.Entries, entry => !entry.EndsWith('/'));
    }
}
