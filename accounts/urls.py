from django.urls import path

from accounts.views import (
    account,
    demo_inbox,
    imports,
    issuing,
    registration,
    second_factor,
    session,
    two_people,
)

app_name = "accounts"
urlpatterns = [
    path("dang-ky/", registration.register_page, name="register"),
    path("dang-ky/da-nhan/", registration.registered_page, name="registered"),
    path("kich-hoat/", registration.activate_page, name="activate"),
    path("dang-nhap/", session.login_page, name="login"),
    path("dang-nhap/ma-xac-thuc/", second_factor.second_factor_page, name="second_factor"),
    path("dang-nhap/gan-ung-dung/", second_factor.enrol_page, name="enrol"),
    path("nhan-vien/", second_factor.colleagues, name="colleagues"),
    path("nhan-vien/<str:login>/go-ung-dung/", second_factor.reset, name="reset_factor"),
    path("dang-xuat/", session.logout_page, name="logout"),
    path("sau-dang-nhap/", session.after_login, name="after_login"),
    path("tai-khoan/", account.account, name="account"),
    path("tai-khoan/xac-nhan/<slug:slug>/", account.confirm_contact, name="confirm_contact"),
    path("cap-ma/", issuing.registrations, name="registrations"),
    path("cap-ma/<uuid:public_id>/", issuing.registration, name="registration"),
    path("cap-ma/<uuid:public_id>/kiem-tra/", issuing.check, name="check"),
    path("cap-ma/<uuid:public_id>/cap/", issuing.issue, name="issue"),
    path("cap-ma/<uuid:public_id>/tu-choi/", issuing.refuse, name="refuse"),
    path("cap-ma/<uuid:public_id>/de-nghi/", two_people.ask, name="ask_second_person"),
    path("cap-ma/<uuid:public_id>/xem-lai/", two_people.vouch, name="vouch"),
    path("cap-ma/<uuid:public_id>/01-tb-gddt.pdf", issuing.refusal_pdf, name="refusal_pdf"),
    path("cap-ma/cap-nhieu/", issuing.issue_many, name="issue_many"),
    path("cap-ma/thong-ke/", issuing.statistics_page, name="issuing_statistics"),
    path("cap-ma/nhap-danh-sach/", imports.import_page, name="import_registrations"),
    path("cap-ma/hai-nguoi/", two_people.second_person, name="second_person"),
    path("cap-ma/hai-nguoi/<uuid:public_id>/duyet/", two_people.approve, name="approve_act"),
    path("cap-ma/hai-nguoi/<uuid:public_id>/khong-duyet/", two_people.refuse, name="refuse_act"),
    path("hop-thu-demo/", demo_inbox.demo_inbox, name="demo_inbox"),
]
