import cProfile, pstats, time, shutil, statistics, re
from tests.performance.pages import *
from tests.performance.statements import listening
def test_p(disk, sqlite_template):
    shutil.copyfile(sqlite_template, disk / "pages.sqlite")
    showroom = Showroom.open(f"sqlite:///{disk}/pages.sqlite", disk)
    with showroom.write() as session:
        showroom.engine.deploy(session, {"guided.bpmn": drawing().encode(), "name.form": FORM.encode()}, actor_id=None, now=showroom.clock.now())
    showroom.base_url="http://localhost"
    c=showroom.app.test_client()
    c.set_cookie("session", showroom.cookie("seller")["value"])
    page=c.get("/diary/").text
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    me=GuidedPages.__new__(GuidedPages); me.showroom=showroom; me.count=0
    posts=[];gets=[]; n=[0]; waiting=[]
    prof=cProfile.Profile(); profg=cProfile.Profile()
    def step(pp=None, pg=None):
        n[0]+=1
        me.count=n[0]
        if not waiting: waiting.append(me._start())
        v={"csrf_token":token,"command_key":f"page-{n[0]}","name":"anna","price":"1 500 000","comment":"asked"}
        b=time.perf_counter()
        if pp: pp.enable()
        a=c.post(f"/tasks/{waiting.pop()}/complete",data=v)
        if pp: pp.disable()
        posts.append(time.perf_counter()-b)
        assert a.status_code==302
        b=time.perf_counter()
        if pg: pg.enable()
        g=c.get(a.location); t=g.text
        if pg: pg.disable()
        gets.append(time.perf_counter()-b)
        m=TASK.search(t)
        if m: waiting.append(int(m[1]))
        return t
    for _ in range(40): step()
    del posts[:],gets[:]
    for _ in range(100): step()
    print("post %.2f get %.2f ms"%(statistics.median(posts)*1e3, statistics.median(gets)*1e3), len(step()))
    with listening(showroom.database.engine) as s1: 
        t=step()
    print(len(s1.statements))
    for x in s1.statements: print("   ",re.sub(r"\s+"," ",x)[:50],"…",re.sub(r"\s+"," ",x).split(" FROM ")[-1][:90])
    for _ in range(100): step(prof,profg)
    pstats.Stats(prof).sort_stats("cumtime").print_stats(60)
    pstats.Stats(profg).sort_stats("cumtime").print_stats(110)
